// SPDX-License-Identifier: MIT
#include <weft/function/call_frame.ipp>
#include <weft/function/function_calls.ipp>
#include <weft/function/function_run.ipp>
#include <weft/function/run_handle.ipp>
