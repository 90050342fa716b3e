// SPDX-License-Identifier: MIT
#pragma once

#include <weft/graph/build.hpp>
#include <weft/graph/part.hpp>
#include <weft/plan/rows.hpp>

#include <cstddef>
#include <string_view>

namespace weft::plan {

/// How many rows each table of a workflow has.
struct table_sizes {
    std::size_t tasks = 0;
    std::size_t edges = 0;
    std::size_t pieces = 0;
    std::size_t references = 0;
    std::size_t taken = 0;  ///< parameters of functions
    std::size_t paths = 0;
    std::size_t variables = 0;
    std::size_t hosts = 0;
    std::size_t declared_parameters = 0;  ///< with those of nested workflows
};

/// Of a workflow with mistakes (not `sound`) only what a static_assert of its own may ask for.
constexpr table_sizes count_rows(graph::list<graph::part_row> parts, std::size_t edges, std::size_t hosts,
                                 bool sound) {
    table_sizes sizes;
    sizes.edges = edges;
    sizes.hosts = hosts;
    for (const graph::part_row& part : parts) {
        sizes.tasks += part.kind == graph::part_kind::task;
        sizes.declared_parameters += part.kind == graph::part_kind::param;
        sizes.pieces += part.pieces.count;
        sizes.references += part.mentions.count;
        if (part.function) sizes.taken += part.placeholders.count;
        for (const graph::modifier_row& modifier : part.modifiers) {
            using enum graph::modifier_kind;
            if (modifier.kind == outputs || modifier.kind == inputs || modifier.kind == collect)
                sizes.paths += modifier.names.count;
            if (modifier.kind == env && sound) ++sizes.variables;
        }
    }
    return sizes;
}

/// The tables of a workflow that names and commands decide: constants. No array is empty, since C++ knows no
/// empty ones; the rows that count are as many as `Sizes` says.
template <table_sizes Sizes>
struct constant_tables {
    std::string_view name;
    task tasks[Sizes.tasks + 1]{};
    piece pieces[Sizes.pieces + 1]{};
    reference references[Sizes.references + 1]{};
    index predecessors[Sizes.edges + 1]{};
    index successors[Sizes.edges + 1]{};
    index order[Sizes.tasks + 1]{};
    index taken[Sizes.taken + 1]{};
    std::string_view paths[Sizes.paths + 1]{};
    std::string_view hosts[Sizes.hosts + 1]{};
    std::string_view variables[Sizes.variables + 1]{};
    index parameters[Sizes.declared_parameters +
                     1]{};          ///< their numbers; `none`: given by one of another workflow
    index settable_parameters = 0;  ///< the first so many are a person's to set
    index depth = 0;
    index width = 0;
};

constexpr quoting quoting_of(text::shell_context context, text::shell_place place) {
    switch (context) {
        case text::shell_context::single_quoted:
            return quoting::single_quoted;
        case text::shell_context::double_quoted:
            return quoting::double_quoted;
        default:
            return place == text::shell_place::operand ? quoting::operand : quoting::bare;
    }
}

/// Fills a task's pieces from `rows` on.
template <graph::graph_sizes Graph>
constexpr void lower_pieces(const graph::part_row& part, const graph::part_row* parts, index first_reference,
                            const graph::resolved_parts<Graph>& resolved, index first_placeholder,
                            piece* rows) {
    // By place, as in `graph::resolver`.
    for (index at = 0; at < part.pieces.count; ++at) {
        const graph::piece_row& from = part.pieces.rows[at];
        piece& row = rows[at];
        row.context = part.shell ? quoting_of(from.context, from.place) : quoting::bare;
        row.argument = from.argument;
        if (from.what == text::found_piece::kind::text) {
            row.text = from.text.view();
        } else if (from.what == text::found_piece::kind::reference) {
            row.kind = piece_kind::reference;
            row.target = first_reference + from.target;
        } else {
            const index source = resolved.placeholder_part[first_placeholder + from.target];
            row.kind =
                parts[source].kind == graph::part_kind::task ? piece_kind::value : piece_kind::parameter;
            row.target = resolved.number_of[source];
        }
    }
}

/// Hosts by number, and what becomes of each declared parameter.
template <table_sizes Sizes, graph::graph_sizes Graph>
constexpr void lower_places(graph::list<graph::part_row> parts, const graph::resolved_parts<Graph>& resolved,
                            constant_tables<Sizes>& tables) {
    index parameters = 0;
    tables.settable_parameters = resolved.settable_parameters;
    for (index at = 0; at < parts.count; ++at) {
        const graph::part_row& part = parts.rows[at];
        if (part.kind == graph::part_kind::host) tables.hosts[resolved.number_of[at]] = part.name.name.view();
        if (part.kind != graph::part_kind::param) continue;
        tables.parameters[parameters++] = resolved.number_of[at];
    }
}

/// Fills the tables in one pass over the tasks as declared.
template <table_sizes Sizes, graph::graph_sizes Graph>
constexpr constant_tables<Sizes> lower_constants(std::string_view name, graph::list<graph::part_row> parts,
                                                 const graph::resolved_parts<Graph>& resolved,
                                                 const graph::dependency_graph<Graph>& graph, bool sound) {
    constant_tables<Sizes> tables;
    if (!sound) return tables;  // one mistake makes no other
    index pieces = 0;
    index taken = 0;
    index references = 0;
    index paths = 0;
    index variables = 0;
    tables.name = name;
    tables.depth = graph.depth;
    tables.width = graph.width;
    lower_places(parts, resolved, tables);
    for (index at = 0; at < Sizes.edges; ++at) {
        tables.predecessors[at] = graph.predecessors[at];
        tables.successors[at] = graph.successors[at];
    }

    for (index at = 0; at < Sizes.tasks; ++at) {
        const graph::part_row& part = parts.rows[resolved.part_of[at]];
        task& row = tables.tasks[at];
        tables.order[at] = graph.order[at];
        row.name = part.path.view();
        row.action = part.function ? action_kind::function
                     : part.shell  ? action_kind::shell
                                   : action_kind::program;
        row.host = resolved.host_of[at];
        row.level = graph.level[at];
        const index first_predecessor = graph.first_predecessor[at];
        row.predecessors = {first_predecessor, graph.first_predecessor[at + 1] - first_predecessor};
        const index first_successor = graph.first_successor[at];
        row.successors = {first_successor, graph.first_successor[at + 1] - first_successor};

        row.references.first = references;
        index link = resolved.first_link[at];
        for (index number = 0; number < part.mentions.count; ++number) {
            const graph::mention& mention = part.mentions.rows[number];
            reference& to = tables.references[references++];
            to.consumer = at;
            to.producer = resolved.link_target[link++];
            to.path = mention.path.view();
            to.glob = mention.glob;
        }
        row.references.count = references - row.references.first;
        row.pieces = {pieces, part.pieces.count};
        lower_pieces(part, parts.rows, row.references.first, resolved, resolved.first_placeholder[at],
                     tables.pieces + pieces);
        pieces += row.pieces.count;
        if (part.function) {
            row.taken = {taken, part.placeholders.count};
            for (index number = 0; number < part.placeholders.count; ++number)
                tables.taken[taken++] =
                    resolved.number_of[resolved.placeholder_part[resolved.first_placeholder[at] + number]];
        }

        if (part.modifiers.count == 0) continue;
        const auto take_paths = [&](graph::modifier_kind kind) {
            const index first = paths;
            part.names(kind, [&](const graph::named& path) { tables.paths[paths++] = path.name.view(); });
            return range{first, paths - first};
        };
        row.outputs = take_paths(graph::modifier_kind::outputs);
        row.inputs = take_paths(graph::modifier_kind::inputs);
        row.collected = take_paths(graph::modifier_kind::collect);
        row.environment.first = variables;
        part.names(graph::modifier_kind::env, [&](const graph::named& variable) {
            tables.variables[variables++] = variable.name.view();
        });
        row.environment.count = variables - row.environment.first;
    }
    return tables;
}

}  // namespace weft::plan
