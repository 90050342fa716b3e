// SPDX-License-Identifier: MIT
#pragma once

#include <weft/text/fixed_string.hpp>

namespace weft {

namespace dsl {

template <text::fixed_string Command>
struct shell_action {};

template <text::fixed_string Program, text::fixed_string... Arguments>
struct program_action {};

}  // namespace dsl

/// A shell command: run by `bash -euo pipefail` where its host has bash, else by `sh -eu`. Exit code 0 is
/// success.
///
/// `workflow:///task/path` in it is replaced by the path of that task's staged file, directory or glob, and
/// `{{name}}` by the value of a parameter; both are quoted for their position.
///
///     task<"sort">(sh<"sort -n workflow:///make/numbers.txt > sorted.txt">)
template <text::fixed_string Command>
inline constexpr dsl::shell_action<Command> sh{};

/// A program with its argument vector: no shell, and no expansion except of references and placeholders.
///
///     task<"sort">(exec<"sort", "-n", "-o", "sorted.txt", "workflow:///make/numbers.txt">)
template <text::fixed_string Program, text::fixed_string... Arguments>
inline constexpr dsl::program_action<Program, Arguments...> exec{};

}  // namespace weft
