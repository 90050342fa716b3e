// SPDX-License-Identifier: MIT
#include <weft/show/graph_text.ipp>
#include <weft/show/log.ipp>
#include <weft/show/plan_text.ipp>
#include <weft/show/printable.ipp>
