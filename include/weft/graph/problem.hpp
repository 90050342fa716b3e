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
    value_in_here_document,
    unknown_workflow,
    unknown_task,
    self_reference,
    output_not_promised,
    undeclared_parameter,
    unknown_host,
    cycle,
};

/// A text that is put together in a constant evaluation.
struct message {
    char characters[1500]{};
    std::size_t size = 0;

    constexpr message& operator<<(std::string_view text) {
        for (const char c : text)
            if (size < sizeof characters) characters[size++] = c;
        return *this;
    }
    constexpr std::string_view view() const { return {characters, size}; }
};

/// A mistake, with the sentence that tells it: task, workflow, culprit, and what to do.
struct problem {
    mistake what = mistake::none;
    message text;

    constexpr explicit operator bool() const { return what != mistake::none; }
};

}  // namespace weft::graph
