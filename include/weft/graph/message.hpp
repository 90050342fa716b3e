// SPDX-License-Identifier: MIT
#pragma once

#include <weft/graph/part.hpp>

#include <cstddef>
#include <string_view>

namespace weft::graph {

/// The word of a sentence that is at fault.
struct culprit {
    std::string_view text;
};

/// A mistake in words, put together in a constant evaluation: a sentence that names task, workflow and
/// culprit and says what to do, and where in it those are.
struct message {
    struct words {
        std::size_t start = 0;
        std::size_t size = 0;
    };
    char characters[1500]{};
    std::size_t size = 0;
    words culprit{};
    words workflow{};
    words task{};        ///< empty when the mistake is no single task's
    words suggestion{};  ///< the name that may have been meant

    /// Of a sentence that has no room the end is "...".
    constexpr message& operator<<(std::string_view text) {
        for (const char c : text) {
            if (size == sizeof characters) {
                for (std::size_t at = size - 3; at < size; ++at) characters[at] = '.';
                break;
            }
            characters[size++] = c;
        }
        return *this;
    }
    /// Adds `text` and returns where it is.
    constexpr words put(std::string_view text) {
        const std::size_t start = size;
        *this << text;
        return {start, size - start};
    }
    constexpr message& operator<<(graph::culprit word) {
        culprit = put(word.text);
        return *this;
    }
    constexpr std::string_view view() const { return {characters, size}; }
    constexpr std::string_view view(words part) const { return {characters + part.start, part.size}; }
};

}  // namespace weft::graph
