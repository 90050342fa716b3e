// SPDX-License-Identifier: MIT
#pragma once

#include <weft/config.hpp>

#include <string>

namespace weft::os {

/// Whether the file's time is a multiple of 10 ms, as all times are on file systems with coarse times.
bool has_coarse_time(const std::string& file);

/// A digest of the entries of `directory`, except `except`, whose time equals that of its file `mark`: files
/// by contents, directories by names. Where file times are coarse (one second on ext3, two on FAT), a change
/// in the same tick as `mark` does not change the time. Empty where times are fine enough.
std::string seal_of(const std::string& directory, const std::string& mark, const std::string& except);

}  // namespace weft::os
