// SPDX-License-Identifier: MIT
// The implementation of weft/functions.hpp, for header-only use.
#pragma once

#include <weft/engine/parameters.ipp>
#include <weft/engine/report.ipp>
#include <weft/function/call_frame.ipp>
#include <weft/function/function_run.ipp>
#include <weft/function/run_handle.ipp>
#include <weft/pool/fence.ipp>
#include <weft/pool/graph_run.ipp>
#include <weft/pool/opening.ipp>
#include <weft/pool/sharing.ipp>
#include <weft/pool/workers.ipp>
