// SPDX-License-Identifier: MIT
#pragma once

#include <weft/config.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace weft::engine {

/// The paths below `directory` that a pattern matches (see text/glob.hpp), in byte order. What is there but
/// is a link to nothing is among them, as in a shell.
std::vector<std::string> match_files(const std::string& directory, std::string_view pattern);

/// Files of the controlling machine that `inputs<>` names, relative to the run's working directory.
struct input_files {
    std::string directory;  ///< absolute
    std::string within;     ///< relative to it, escapes decoded; of a glob as written
    bool glob = false;
    bool below = false;  ///< the working directory: then they keep their folders in the scratch
};
input_files find_inputs(const std::string& working_directory, std::string_view written);

}  // namespace weft::engine
