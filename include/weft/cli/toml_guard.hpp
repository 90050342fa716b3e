// SPDX-License-Identifier: MIT
#pragma once

#include <weft/config.hpp>

#include <string_view>

namespace weft::cli::detail {

/// Refuses what toml++ 3.3 must not be given, since it asserts or reaches an unreachable point there in place
/// of an error: a table's name that begins with what no name begins with, and a letter like é where white
/// space may stand. Neither is TOML. Strings of several lines, of no use in a hosts file, are refused with
/// them: such a letter after a line's end is white space's place there.
/// Throws options_error with the line and column in `path`.
void guard_toml(std::string_view path, std::string_view content);

}  // namespace weft::cli::detail
