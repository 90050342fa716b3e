// SPDX-License-Identifier: MIT
#pragma once

#include <weft/config.hpp>
#include <weft/plan/tables.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace CLI {
class App;
}

namespace weft::cli {

/// The element of `names` closest to `given`; empty when none is close.
std::string nearest(std::string_view given, const std::vector<std::string>& names);

/// Whether a parameter is boolean: its flag without a value means true.
bool is_switch(const plan::parameter& row);

/// Normalizes a command line: `--name` and its value as separate words, one word per short option. Throws
/// `options_error`, with what to type instead, for an unknown option and for a missing, surplus or repeated
/// value.
///
/// CLI11 does most of this, but reads the next word as the value of `--name=`, drops the value of a flag, and
/// does not suggest similar options.
///
/// Words after a command that takes a run or a task go to `operands`.
std::vector<std::string> spell_out(const CLI::App& app, const plan::view& plan, int argc,
                                   const char* const* argv, std::vector<std::string>& operands);

}  // namespace weft::cli
