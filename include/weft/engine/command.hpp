// SPDX-License-Identifier: MIT
#pragma once

#include <weft/config.hpp>
#include <weft/engine/functions.hpp>
#include <weft/plan/tables.hpp>

#include <span>
#include <string>
#include <vector>

namespace weft::engine {

/// A task's command with nothing left to expand: the script of a shell action, the argument vector of a
/// program.
struct command {
    std::string script;
    std::vector<std::string> arguments;
};

/// Puts values and paths into the pieces of `task`.
///
/// `parameters` has a text per row of the plan's parameters, as its reader wrote it: a list becomes a word
/// for each element where it stands bare, and within quotes its elements with a space between; `paths` has,
/// per row of the task's references, the absolute paths that replace it. Several paths (a glob) become
/// several words, as "$@" does: with text before or after them in the same word, the first word gets the
/// former and the last word the latter. `calls` knows the values of functions.
command expand(const plan::view& plan, const plan::task& task, std::span<const std::string> parameters,
               std::span<const std::vector<std::string>> paths, const functions* calls = nullptr);

}  // namespace weft::engine
