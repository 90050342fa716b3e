// SPDX-License-Identifier: MIT
#pragma once

#include <weft/config.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace weft::engine {

/// The paths below `directory` that a pattern matches (see text/glob.hpp), in byte order. A dangling symbolic
/// link matches too, as in a shell.
std::vector<std::string> match_files(const std::string& directory, std::string_view pattern);

/// Files of the controlling machine that `inputs<>` declares, relative to the run's working directory.
struct input_files {
    std::string directory;  ///< absolute
    std::string within;     ///< relative to it, escapes decoded; a glob is kept as written
    bool glob = false;
    bool below = false;  ///< below the working directory: the files keep their folders in the scratch
};
input_files find_inputs(const std::string& working_directory, std::string_view written);

}  // namespace weft::engine
