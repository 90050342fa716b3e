// SPDX-License-Identifier: MIT
// Everything: declaring, running, the command line. In header-only use the implementation is included last;
// with `weft::compiled` it is in the library, and this header includes no heavy one.
#pragma once

#include <weft/config.hpp>

// First, because compilers print the path of includes to the header of an error.
#include <weft/graph/errors.hpp>

#include <weft/cli/main.hpp>
#include <weft/run.hpp>
#include <weft/workflow.hpp>

#ifndef WEFT_COMPILED
#include <weft/impl.hpp>
#endif
