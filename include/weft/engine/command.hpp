// SPDX-License-Identifier: MIT
#pragma once

#include <weft/config.hpp>
#include <weft/engine/functions.hpp>
#include <weft/plan/tables.hpp>

#include <span>
#include <string>
#include <vector>

namespace weft::engine {

/// A task's fully expanded command: the script of a shell action, or the argument vector of a program.
struct command {
    std::string script;
    std::vector<std::string> arguments;
};

/// Substitutes values and paths into the pieces of `task`.
///
/// `parameters` has one text per row of the plan's parameters, in the form that its reader produces. An
/// unquoted list becomes one word per element; a quoted list becomes its elements joined by spaces. `paths`
/// has, per row of the task's references, the absolute paths that replace it. Several paths (a glob) become
/// several words, as "$@" does: text before them in the same word joins the first word, text after them the
/// last. `calls` provides the values of functions.
command expand(const plan::view& plan, const plan::task& task, std::span<const std::string> parameters,
               std::span<const std::vector<std::string>> paths, const functions* calls = nullptr);

}  // namespace weft::engine
