// SPDX-License-Identifier: MIT
#pragma once

#include <weft/graph/name_index.hpp>
#include <weft/graph/part.hpp>

#include <cstddef>

namespace weft::graph {

/// The number of rows in the tables of a workflow's graph, or its upper bound.
struct graph_sizes {
    std::size_t parts = 0;
    std::size_t tasks = 0;
    std::size_t links = 0;         ///< mentions, names of `from` and `after`, and placeholders of all tasks
    std::size_t placeholders = 0;  ///< of all tasks, without repetitions within a task
    std::size_t names = 0;         ///< of parts; a nested parameter counts in each enclosing workflow
};

constexpr graph_sizes sizes_of(list<part_row> parts, list<scope_row> scopes) {
    graph_sizes sizes;
    sizes.parts = sizes.names = parts.count;
    for (const part_row& part : parts) {
        if (part.kind == part_kind::param)
            for (index scope = part.scope; scope != 0; scope = scopes.rows[scope].parent) ++sizes.names;
        if (part.kind != part_kind::task) continue;
        ++sizes.tasks;
        sizes.links += part.mentions.count;
        sizes.placeholders += part.placeholders.count;
        if (!part.function) sizes.links += part.placeholders.count;  // each may be the value of a function
        for (const modifier_row& modifier : part.modifiers)
            if (is_order(modifier.kind)) sizes.links += modifier.names.count;
    }
    return sizes;
}

/// The numbers of a workflow's parts. Tasks, hosts and parameters are numbered separately, in order of
/// declaration.
template <graph_sizes Sizes>
struct part_numbers {
    index tasks = 0;
    index part_of[Sizes.tasks + 1]{};    ///< a task's part
    index number_of[Sizes.parts + 1]{};  ///< a part's number among the tasks, hosts or parameters
    index source_of[Sizes.parts + 1]{};  ///< of a parameter: the part from which it gets its value
    bool duplicate[Sizes.parts + 1]{};   ///< has the name of an earlier part of its kind and workflow
    index hosts = 0;
    index parameters = 0;           ///< with values of their own
    index settable_parameters = 0;  ///< the first of these, which users set
};

/// Numbers the parts and indexes their names. Linear in the number of parts.
template <graph_sizes Sizes>
class part_numbering {
public:
    constexpr part_numbering(list<part_row> parts, list<scope_row> scopes) {
        bool parameters = false;
        for (index at = 0; at < parts.count; ++at) {
            add_part(at, parts.rows);
            parameters = parameters || parts.rows[at].kind == part_kind::param;
        }
        if (parameters) pass_parameters_through(parts, scopes);
    }

    constexpr const part_numbers<Sizes>& numbers() const { return found_; }
    constexpr const name_index<Sizes.names>& names() const { return names_; }

private:
    constexpr void add_part(index at, const part_row* parts) {
        const part_row& part = parts[at];
        // All workflows share their hosts.
        const index first = names_.add(at, part, part.kind == part_kind::host ? 0 : part.scope);
        found_.duplicate[at] = first != at;
        switch (part.kind) {
            case part_kind::task:
                found_.number_of[at] = found_.tasks;
                found_.part_of[found_.tasks++] = at;
                return;
            case part_kind::host:
                found_.duplicate[at] = first != at && parts[first].scope == part.scope;
                found_.number_of[at] = first == at ? found_.hosts++ : found_.number_of[first];
                return;
            case part_kind::param:
                return;
        }
    }

    /// An unbound parameter of a nested workflow is a parameter of the outer workflow, which may declare it
    /// too.
    constexpr void pass_parameters_through(list<part_row> parts, list<scope_row> scopes) {
        if (scopes.count > 1)
            for (index at = 0; at < parts.count; ++at)
                if (parts.rows[at].kind == part_kind::param && !parts.rows[at].bound &&
                    parts.rows[at].alias.name.size == 0)
                    for (index scope = parts.rows[at].scope; scope != 0;)
                        scope = scopes.rows[scope].parent, names_.add(at, parts.rows[at], scope);
        for (const bool bound : {false, true}) {
            for (index at = 0; at < parts.count; ++at) {
                if (parts.rows[at].kind != part_kind::param || parts.rows[at].bound != bound) continue;
                found_.source_of[at] = source_of(at, parts.rows, scopes.rows);
                found_.number_of[at] = found_.source_of[at] == at ? found_.parameters++ : absent;
            }
            if (!bound) found_.settable_parameters = found_.parameters;
        }
    }

    /// The parameter from which this one gets its value: itself, or one of an outer workflow.
    constexpr index source_of(index parameter, const part_row* parts, const scope_row* scopes) const {
        index at = parameter;
        bool own = true;  // not passed up from a nested workflow
        for (index scope = parts[at].scope; scope != 0 && !(own && parts[at].bound);) {
            const named& alias = parts[at].alias;
            scope = scopes[scope].parent;
            const index outer =
                names_.find(part_kind::param, own && alias.name.size != 0 ? alias : parts[at].name, scope);
            if (outer == absent) return absent;
            at = outer;
            own = parts[at].scope == scope;
        }
        return at;
    }

    name_index<Sizes.names> names_;
    part_numbers<Sizes> found_{};
};

}  // namespace weft::graph
