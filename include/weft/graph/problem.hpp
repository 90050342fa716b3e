// SPDX-License-Identifier: MIT
#pragma once

#include <weft/graph/part.hpp>

#include <cstdint>

namespace weft::graph {

/// Every mistake that a declaration can contain. Each has an error type in errors.hpp and a row in
/// docs/errors.md.
enum class mistake : std::uint8_t {
    none,
    invalid_name,
    duplicate_task,
    duplicate_host,
    duplicate_parameter,
    duplicate_workflow,
    empty_command,
    unbalanced_quotes,
    malformed_reference,
    absolute_path,
    path_leaves_directory,
    unquotable_value,
    several_words,
    literal_placeholder,
    unknown_workflow,
    unknown_task,
    self_reference,
    output_not_promised,
    undeclared_parameter,
    parameter_types_differ,
    unknown_host,
    no_value,
    function_on_host,
    cycle,
};

/// A mistake and its position. The place decides which rows the indexes count.
struct problem {
    enum class place : std::uint8_t {
        workflow,
        part,
        command,
        mention,
        from,
        after,
        output,
        variable,
        placeholder
    };
    mistake what = mistake::none;
    place where = place::workflow;
    index part = 0;  ///< in the workflow's parts; for place `workflow` in its scopes
    index item = 0;  ///< of a mention, name or placeholder; for a cycle its number
};

/// The mistakes of a workflow. Those beyond `most` are only counted.
struct problems {
    static constexpr index most = 10;
    problem all[most]{};
    index count = 0;
    index omitted = 0;

    constexpr void add(const problem& one) {
        if (count < most)
            all[count++] = one;
        else
            ++omitted;
    }
};

}  // namespace weft::graph
