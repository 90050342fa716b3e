// SPDX-License-Identifier: MIT
// Workflows of functions, run in this process: no files, no libssh, no command line.
#pragma once

#include <weft/config.hpp>

// First, because compilers print the path of includes to the header of an error.
#include <weft/graph/errors.hpp>

#include <weft/function/executor.hpp>
#include <weft/workflow.hpp>

#ifndef WEFT_COMPILED
#include <weft/functions_impl.hpp>
#endif
