// SPDX-License-Identifier: MIT
#include <weft/function/function_run.ipp>
#include <weft/function/run_handle.ipp>
