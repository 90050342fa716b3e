// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace weft::graph {

/// Every mistake that a declaration can hold. Each has an error type in errors.hpp and a row in
/// docs/errors.md.
enum class mistake : std::uint8_t {
    none,
    invalid_name,
    duplicate_task,
    duplicate_host,
    duplicate_parameter,
    empty_command,
    unbalanced_quotes,
    malformed_reference,
    absolute_path,
    path_leaves_directory,
    unquotable_value,
    unknown_workflow,
    unknown_task,
    self_reference,
    output_not_promised,
    undeclared_parameter,
    unknown_host,
    cycle,
};

/// The word of a sentence that is at fault.
struct culprit {
    std::string_view text;
};

/// A text that is put together in a constant evaluation.
struct message {
    char characters[1500]{};
    std::size_t size = 0;
    std::size_t culprit_start = 0;
    std::size_t culprit_size = 0;

    constexpr message& operator<<(std::string_view text) {
        for (const char c : text)
            if (size < sizeof characters) characters[size++] = c;
        return *this;
    }
    constexpr message& operator<<(culprit word) {
        culprit_start = size;
        *this << word.text;
        culprit_size = size - culprit_start;
        return *this;
    }
    constexpr std::string_view view() const { return {characters, size}; }
};

/// A mistake, with the sentence that tells it: task, workflow, culprit, and what to do.
struct problem {
    mistake what = mistake::none;
    message text;
    std::string_view workflow{};
    std::string_view task{};        ///< empty when the mistake is no single task's
    std::string_view suggestion{};  ///< the name that may have been meant

    constexpr explicit operator bool() const { return what != mistake::none; }
    constexpr std::string_view culprit() const {
        return text.view().substr(text.culprit_start, text.culprit_size);
    }
};

}  // namespace weft::graph
