// SPDX-License-Identifier: MIT
#pragma once

#include <weft/config.hpp>

#include <string_view>

namespace weft::cli::detail {

/// Rejects input on which toml++ 3.3 asserts instead of reporting an error: a table name that starts with an
/// invalid character, and a non-ASCII letter where white space may occur. Neither is valid TOML. Also rejects
/// multi-line strings, in which such a letter may follow a line end; a hosts file does not need them. Throws
/// options_error with line and column in `path`.
void guard_toml(std::string_view path, std::string_view content);

}  // namespace weft::cli::detail
