// SPDX-License-Identifier: MIT
#pragma once

#include <weft/graph/part.hpp>

#include <cstddef>
#include <string_view>

namespace weft::graph {

/// The name or text in a sentence that is wrong.
struct culprit {
    std::string_view text;
};

/// The message of a mistake, built in a constant evaluation: a sentence that names task, workflow and culprit
/// and says what to do, and the positions of these names in it.
struct message {
    struct words {
        std::size_t start = 0;
        std::size_t size = 0;
    };
    char characters[1500]{};
    std::size_t size = 0;
    words culprit{};
    words workflow{};
    words task{};        ///< empty when the mistake does not belong to one task
    words suggestion{};  ///< a similar name that exists

    /// A sentence that is too long ends in "...".
    constexpr message& operator<<(std::string_view text) {
        for (const char c : text) {
            if (size == sizeof characters) {
                for (std::size_t i = size - 3; i < size; ++i) characters[i] = '.';
                break;
            }
            characters[size++] = c;
        }
        return *this;
    }
    /// Appends `text` and returns its position.
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
