// SPDX-License-Identifier: MIT
#pragma once

#include <weft/text/glob.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace weft::text {

/// A path of a modifier in the form in which a stager requests it.
struct wanted_path {
    std::string text;  ///< escapes decoded; a glob as written
    bool glob = false;
};

inline std::string without_escapes(std::string_view written) {
    std::string plain;
    for (std::size_t at = 0; at < written.size();) plain += read_character(written, at).value;
    return plain;
}

inline wanted_path wanted(std::string_view written) {
    const bool glob = is_glob(written);
    return {glob ? std::string(written) : without_escapes(written), glob};
}

}  // namespace weft::text
