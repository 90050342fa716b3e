// SPDX-License-Identifier: MIT
// Everything: declaring, running, the command line. In header-only use the code behind it comes last; with
// `weft::compiled` it is in the library, and this header reaches no heavy one.
#pragma once

#include <weft/config.hpp>

// First: compilers print by which way the header of an error was included.
#include <weft/graph/errors.hpp>

#include <weft/cli/main.hpp>
#include <weft/run.hpp>
#include <weft/workflow.hpp>

#ifndef WEFT_COMPILED
#include <weft/impl.hpp>
#endif
