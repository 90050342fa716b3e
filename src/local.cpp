// SPDX-License-Identifier: MIT
#include <weft/local/machine.ipp>
#include <weft/local/machine_files.ipp>
#include <weft/local/named_streams.ipp>
