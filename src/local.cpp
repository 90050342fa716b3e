// SPDX-License-Identifier: MIT
#include <weft/local/machine.ipp>
#include <weft/local/machine_files.ipp>
#include <weft/local/stream_readers.ipp>
