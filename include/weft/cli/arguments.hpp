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

/// Of `names` the one that `given` was most likely meant to be; empty when none is close.
std::string nearest(std::string_view given, const std::vector<std::string>& names);

/// A parameter that is either true or false: its flag may stand without a value, which means true.
bool is_switch(const plan::parameter& row);

/// The words of a command line in the one spelling that leaves nothing to guess: `--name` and its value
/// apart, short options apart. Throws `options_error` for what `app` does not know, for a value that is
/// missing, one too many or given twice, each with what to type instead.
///
/// CLI11 would do most of this, but takes the next word for the value of `--name=`, drops the value of a
/// flag, and does not know which option was nearly meant.
///
/// Words that follow a command which is about a run or a task go to `operands`.
std::vector<std::string> spell_out(const CLI::App& app, const plan::view& what, int argc,
                                   const char* const* argv, std::vector<std::string>& operands);

}  // namespace weft::cli
