// SPDX-License-Identifier: MIT
#include <weft/stage/archive_stager.ipp>
