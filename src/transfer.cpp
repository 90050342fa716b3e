// SPDX-License-Identifier: MIT
#include <weft/transfer/archive_script.ipp>
#include <weft/transfer/archive_stager.ipp>
#include <weft/transfer/local_archive.ipp>
#include <weft/transfer/local_transfer.ipp>
#include <weft/transfer/stream_header.ipp>
