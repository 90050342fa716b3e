// SPDX-License-Identifier: MIT
#pragma once

#include <weft/graph/part.hpp>

#include <cstddef>
#include <initializer_list>

namespace weft::graph {

/// In place of a row that is elsewhere.
struct no_row {};

/// The parts of a workflow in order of declaration, with those of a nested workflow at its position.
template <std::size_t Rows, std::size_t Scopes>
struct part_rows {
    part_row rows[Rows + 1]{};
    scope_row scopes[Scopes + 1]{};
    index count = 0;
    index scope_count = 0;

    constexpr list<part_row> parts() const { return {rows, count}; }
    constexpr list<scope_row> workflows() const { return {scopes, scope_count}; }

    constexpr bool add(no_row) { return true; }
    constexpr bool add(const part_row& row) {
        rows[count++] = row;
        return true;
    }
    /// Adds a nested workflow, with its scopes after the existing ones.
    template <std::size_t Nested, std::size_t NestedScopes>
    constexpr bool add(const part_rows<Nested, NestedScopes>& nested) {
        const index base = scope_count;
        for (const scope_row& scope : nested.workflows()) {
            scopes[scope_count] = scope;
            scopes[scope_count].parent = scope_count == base ? 0 : scope.parent + base;
            ++scope_count;
        }
        for (const part_row& row : nested.parts()) {
            rows[count] = row;
            rows[count++].scope += base;
        }
        return true;
    }
};

/// Collects the rows of all parts; `self` is their workflow.
template <std::size_t Rows, std::size_t Scopes, class... Each>
consteval part_rows<Rows, Scopes> put_together(const scope_row& self, const Each&... each) {
    part_rows<Rows, Scopes> all;
    all.scopes[all.scope_count++] = self;
    // A list, not a fold: Clang ends a fold at 256 operands.
    (void)std::initializer_list<bool>{true, all.add(each)...};
    return all;
}

/// The number of rows and scopes that a part becomes, and their kinds.
struct part_sizes {
    std::size_t rows = 1;
    std::size_t scopes = 0;
    bool parameters = false;
    bool functions = false;
    bool callables = false;  ///< functions with a state
};

constexpr part_sizes sum(std::initializer_list<part_sizes> parts) {
    part_sizes total{0};
    for (const part_sizes& part : parts) {
        total.rows += part.rows;
        total.scopes += part.scopes;
        total.parameters = total.parameters || part.parameters;
        total.functions = total.functions || part.functions;
        total.callables = total.callables || part.callables;
    }
    return total;
}

}  // namespace weft::graph
