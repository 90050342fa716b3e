// SPDX-License-Identifier: MIT
#include <weft/backend/archive_script.ipp>
#include <weft/backend/local_place.ipp>
