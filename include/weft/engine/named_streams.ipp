// SPDX-License-Identifier: MIT
#pragma once

#include <weft/engine/named_streams.hpp>

#include <algorithm>
#include <string_view>

namespace weft::engine {

namespace detail {

WEFT_INLINE bool names_a_stream(std::string_view text) {
    for (const std::string_view name : {"/dev/stdout", "/dev/stderr", "/dev/fd/"})
        if (text.find(name) != text.npos) return true;
    const auto process = text.find("/proc/");  // /proc/self/fd, /proc/$$/fd, /proc/thread-self/fd
    return process != text.npos && text.find("/fd", process) != text.npos;
}

}  // namespace detail

WEFT_INLINE bool names_its_streams(const attempt& what) {
    return detail::names_a_stream(what.script) ||
           std::any_of(what.arguments.begin(), what.arguments.end(), detail::names_a_stream) ||
           std::any_of(what.environment.begin(), what.environment.end(),
                       [](const auto& variable) { return detail::names_a_stream(variable.second); });
}

}  // namespace weft::engine
