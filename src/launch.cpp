// SPDX-License-Identifier: MIT
#include <weft/launch.ipp>
