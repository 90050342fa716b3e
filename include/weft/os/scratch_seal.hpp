// SPDX-License-Identifier: MIT
#pragma once

#include <weft/config.hpp>

#include <string>

namespace weft::os {

/// The file's time is a round one, as all are where times are coarse.
bool has_coarse_time(const std::string& file);

/// Where file times are coarse (whole seconds on ext3, two on FAT), what is changed in the same instant as
/// `mark` is written looks as old as before. A digest of what has exactly the mark's time in `directory`, but
/// for `except`: files by their contents, directories by their names. Empty where times are fine enough.
std::string seal_of(const std::string& directory, const std::string& mark, const std::string& except);

}  // namespace weft::os
