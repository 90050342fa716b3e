// SPDX-License-Identifier: MIT
#pragma once

#include <weft/graph/build.hpp>
#include <weft/graph/part.hpp>
#include <weft/plan/tables.hpp>

#include <cstddef>
#include <span>
#include <string_view>

namespace weft::plan {

/// How many rows each table of a workflow has.
struct table_sizes {
    std::size_t tasks = 0;
    std::size_t edges = 0;
    std::size_t pieces = 0;
    std::size_t references = 0;
    std::size_t paths = 0;
    std::size_t variables = 0;
    std::size_t hosts = 0;
};

constexpr table_sizes count_rows(std::span<const graph::part_row> parts, std::size_t edges) {
    table_sizes sizes;
    sizes.edges = edges;
    for (const graph::part_row& part : parts) {
        sizes.tasks += part.kind == graph::part_kind::task;
        sizes.hosts += part.kind == graph::part_kind::host;
        sizes.pieces += part.pieces.size();
        sizes.references += part.mentions.size();
        for (const graph::modifier_row& modifier : part.modifiers) {
            using enum graph::modifier_kind;
            if (modifier.kind == outputs || modifier.kind == inputs || modifier.kind == collect)
                sizes.paths += modifier.names.size();
            if (modifier.kind == env) ++sizes.variables;
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
    std::string_view paths[Sizes.paths + 1]{};
    std::string_view hosts[Sizes.hosts + 1]{};
    std::string_view variables[Sizes.variables + 1]{};
    index depth = 0;
    index width = 0;
};

constexpr quoting quoting_of(text::shell_context context) {
    switch (context) {
        case text::shell_context::single_quoted:
            return quoting::single_quoted;
        case text::shell_context::double_quoted:
            return quoting::double_quoted;
        default:
            return quoting::bare;
    }
}

/// Fills a task's pieces from `rows` on. `parameters` are the numbers of its placeholders.
constexpr void lower_pieces(const graph::part_row& part, index first_reference, const index* parameters,
                            piece* rows) {
    for (const graph::piece_row& from : part.pieces) {
        piece& row = *rows++;
        row.context = part.shell ? quoting_of(from.context) : quoting::bare;
        row.argument = from.argument;
        if (from.what == text::found_piece::kind::text) {
            row.text = from.text;
        } else if (from.what == text::found_piece::kind::reference) {
            row.kind = piece_kind::reference;
            row.target = first_reference + from.target;
        } else {
            row.kind = piece_kind::parameter;
            row.target = parameters[from.target];
        }
    }
}

/// Fills the tables in one pass over the tasks as declared.
template <table_sizes Sizes, graph::graph_sizes Graph>
constexpr constant_tables<Sizes> lower_constants(std::string_view name,
                                                 std::span<const graph::part_row> parts,
                                                 const graph::resolved_parts<Graph>& resolved,
                                                 const graph::dependency_graph<Graph>& graph) {
    constant_tables<Sizes> tables;
    index pieces = 0;
    index references = 0;
    index paths = 0;
    index variables = 0;
    index hosts = 0;
    tables.name = name;
    tables.depth = graph.depth;
    tables.width = graph.width;
    for (const graph::part_row& part : parts)
        if (part.kind == graph::part_kind::host) tables.hosts[hosts++] = part.name.name;
    for (index at = 0; at < Sizes.edges; ++at) {
        tables.predecessors[at] = graph.predecessors[at];
        tables.successors[at] = graph.successors[at];
    }

    for (index at = 0; at < Sizes.tasks; ++at) {
        const graph::part_row& part = parts[resolved.part_of[at]];
        task& row = tables.tasks[at];
        tables.order[at] = graph.order[at];
        row.name = part.name.name;
        row.action = part.shell ? action_kind::shell : action_kind::program;
        row.host = resolved.host_of[at];
        row.level = graph.level[at];
        const index first_predecessor = graph.first_predecessor[at];
        row.predecessors = {first_predecessor, graph.first_predecessor[at + 1] - first_predecessor};
        const index first_successor = graph.first_successor[at];
        row.successors = {first_successor, graph.first_successor[at + 1] - first_successor};

        row.references.first = references;
        index link = resolved.first_link[at];
        for (const graph::mention& mention : part.mentions) {
            reference& to = tables.references[references++];
            to.consumer = at;
            to.producer = resolved.link_target[link++];
            to.path = mention.path.name;
            to.glob = is_glob(to.path);
        }
        row.references.count = references - row.references.first;
        row.pieces = {pieces, static_cast<index>(part.pieces.size())};
        lower_pieces(part, row.references.first, resolved.parameter_of + resolved.first_placeholder[at],
                     tables.pieces + pieces);
        pieces += row.pieces.count;

        if (part.modifiers.empty()) continue;
        const auto take_paths = [&](graph::modifier_kind kind) {
            const index first = paths;
            part.names(kind, [&](const graph::named& path) { tables.paths[paths++] = path.name; });
            return range{first, paths - first};
        };
        row.outputs = take_paths(graph::modifier_kind::outputs);
        row.inputs = take_paths(graph::modifier_kind::inputs);
        row.collected = take_paths(graph::modifier_kind::collect);
        row.environment.first = variables;
        part.names(graph::modifier_kind::env,
                   [&](const graph::named& variable) { tables.variables[variables++] = variable.name; });
        row.environment.count = variables - row.environment.first;
    }
    return tables;
}

}  // namespace weft::plan
