// SPDX-License-Identifier: MIT
// What declares and checks workflows: no system header, no libssh, no command line.
#pragma once

#include <weft/config.hpp>

// First: compilers print by which way the header of an error was included.
#include <weft/graph/errors.hpp>

#include <weft/dsl/action.hpp>
#include <weft/dsl/host.hpp>
#include <weft/dsl/modifiers.hpp>
#include <weft/dsl/param.hpp>
#include <weft/dsl/task.hpp>
#include <weft/plan/workflow.hpp>
