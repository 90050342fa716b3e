// SPDX-License-Identifier: MIT
// Declaring and checking workflows: no system header, no libssh, no command line.
#pragma once

#include <weft/config.hpp>

// First, because compilers print the path of includes to the header of an error.
#include <weft/graph/errors.hpp>

#include <weft/dsl/action.hpp>
#include <weft/dsl/host.hpp>
#include <weft/dsl/modifiers.hpp>
#include <weft/dsl/param.hpp>
#include <weft/dsl/task.hpp>
#include <weft/plan/workflow.hpp>
