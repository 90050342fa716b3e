// SPDX-License-Identifier: MIT
#pragma once

#include <weft/graph/build.hpp>
#include <weft/graph/part.hpp>
#include <weft/plan/rows.hpp>

#include <cstddef>
#include <string_view>

namespace weft::plan {

/// The number of rows in each table of a workflow.
struct table_sizes {
    std::size_t tasks = 0;
    std::size_t edges = 0;
    std::size_t pieces = 0;
    std::size_t references = 0;
    std::size_t taken = 0;  ///< parameters of functions
    std::size_t paths = 0;
    std::size_t variables = 0;
    std::size_t hosts = 0;
    std::size_t declared_parameters = 0;  ///< including those of nested workflows
};

/// For a workflow with mistakes (not `sound`) only the tables that a static_assert of the user may read.
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

template <table_sizes Sizes>
struct piece_table {
    piece pieces[Sizes.pieces + 1]{};
};

/// The tables of a workflow that depend only on names and commands: constants. No array has the size 0, which
/// C++ forbids; `Sizes` has the actual number of rows.
template <table_sizes Sizes>
struct constant_tables : piece_table<Sizes> {
    std::string_view name{};
    task tasks[Sizes.tasks + 1]{};
    reference references[Sizes.references + 1]{};
    index predecessors[Sizes.edges + 1]{};
    index successors[Sizes.edges + 1]{};
    index order[Sizes.tasks + 1]{};
    index taken[Sizes.taken + 1]{};
    std::string_view paths[Sizes.paths + 1]{};
    std::string_view hosts[Sizes.hosts + 1]{};
    std::string_view variables[Sizes.variables + 1]{};
    index parameters[Sizes.declared_parameters +
                     1]{};          ///< their numbers; `none` if another workflow gives the value
    index settable_parameters = 0;  ///< the first ones, which users set
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

/// A reference or placeholder in a task's command.
template <graph::graph_sizes Graph>
constexpr piece lower_piece(const graph::piece_row& from, const graph::part_row& part,
                            const graph::part_row* parts, const graph::resolved_parts<Graph>& resolved,
                            index first_reference, index first_placeholder) {
    piece row{.context = part.shell ? quoting_of(from.context, from.place) : quoting::bare,
              .argument = from.argument};
    if (from.what == text::found_piece::kind::reference) {
        row.kind = piece_kind::reference;
        row.target = first_reference + from.target;
    } else {
        const index source = resolved.placeholder_part[first_placeholder + from.target];
        row.kind = parts[source].kind == graph::part_kind::task ? piece_kind::value : piece_kind::parameter;
        row.target = resolved.number_of[source];
    }
    return row;
}

/// Fills in the pieces of all commands. Most are text, or references as unquoted words.
template <table_sizes Sizes, graph::graph_sizes Graph>
constexpr void lower_pieces(const graph::part_row* parts, const graph::resolved_parts<Graph>& resolved,
                            piece_table<Sizes>& table) {
    index pieces = 0;
    index references = 0;
    for (index task = 0; task < Sizes.tasks; ++task) {
        const graph::part_row& part = parts[resolved.part_of[task]];
        for (index at = 0; at < part.pieces.count; ++at) {  // by index, as in `graph::resolver`
            const graph::piece_row& from = part.pieces.rows[at];
            if (from.what == text::found_piece::kind::text)
                table.pieces[pieces++] = {.argument = from.argument, .text{from.text.data, from.text.size}};
            else if (from.what == text::found_piece::kind::reference &&
                     from.context == text::shell_context::bare && from.place == text::shell_place::words)
                table.pieces[pieces++] = {.kind = piece_kind::reference,
                                          .argument = from.argument,
                                          .target = references + from.target};
            else
                table.pieces[pieces++] =
                    lower_piece(from, part, parts, resolved, references, resolved.first_placeholder[task]);
        }
        references += part.mentions.count;
    }
}

/// Fills in hosts by number, and the source of each declared parameter.
template <table_sizes Sizes, graph::graph_sizes Graph>
constexpr void lower_places(graph::list<graph::part_row> parts, const graph::resolved_parts<Graph>& resolved,
                            constant_tables<Sizes>& tables) {
    index parameters = 0;
    for (index at = 0; at < parts.count; ++at) {
        const graph::part_row& part = parts.rows[at];
        if (part.kind == graph::part_kind::host) tables.hosts[resolved.number_of[at]] = part.name.name.view();
        if (part.kind != graph::part_kind::param) continue;
        tables.parameters[parameters++] = resolved.number_of[at];
    }
}

/// Fills in all other tables in one pass over the tasks in order of declaration.
template <table_sizes Sizes, graph::graph_sizes Graph>
constexpr void lower_constants(std::string_view name, graph::list<graph::part_row> parts,
                               const graph::resolved_parts<Graph>& resolved,
                               const graph::dependency_graph<Graph>& graph, constant_tables<Sizes>& tables) {
    index pieces = 0;
    index taken = 0;
    index references = 0;
    index paths = 0;
    index variables = 0;
    tables.name = name;
    tables.settable_parameters = resolved.settable_parameters;
    tables.depth = graph.depth;
    tables.width = graph.width;
    if (Sizes.hosts + Sizes.declared_parameters != 0) lower_places(parts, resolved, tables);
    graph::copy_rows<Sizes.edges>(graph.predecessors, tables.predecessors);
    graph::copy_rows<Sizes.edges>(graph.successors, tables.successors);
    graph::copy_rows<Sizes.tasks>(graph.order, tables.order);

    for (index at = 0; at < Sizes.tasks; ++at) {
        const graph::part_row& part = parts.rows[resolved.part_of[at]];
        tables.tasks[at] = {
            .name{part.path.data, part.path.size},
            .action = part.function ? action_kind::function
                      : part.shell  ? action_kind::shell
                                    : action_kind::program,
            .host = resolved.host_of[at],
            .level = graph.level[at],
            .pieces{pieces, part.pieces.count},
            .predecessors{graph.first_predecessor[at],
                          graph.first_predecessor[at + 1] - graph.first_predecessor[at]},
            .successors{graph.first_successor[at], graph.first_successor[at + 1] - graph.first_successor[at]},
            .references{references, part.mentions.count}};
        pieces += part.pieces.count;
        for (index number = 0; number < part.mentions.count; ++number) {
            const graph::mention& mention = part.mentions.rows[number];
            tables.references[references++] = {at,
                                               resolved.link_target[resolved.first_link[at] + number],
                                               {mention.path.data, mention.path.size},
                                               mention.glob};
        }
        if (part.modifiers.count == 0) continue;  // the usual case

        task& row = tables.tasks[at];
        if (part.function) {
            row.taken = {taken, part.placeholders.count};
            for (index number = 0; number < part.placeholders.count; ++number)
                tables.taken[taken++] =
                    resolved.number_of[resolved.placeholder_part[resolved.first_placeholder[at] + number]];
        }
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
}

// GCC copies a constant several times into another and frees no memory before the end, so for GCC the tables
// are filled in place. Clang limits the steps of one evaluation, so for Clang they are constants of two
// evaluations.
#ifdef __clang__
inline constexpr bool fills_in_place = false;
#else
inline constexpr bool fills_in_place = true;
#endif

/// The pieces as a separate constant; none if not `wanted`.
template <table_sizes Sizes, graph::graph_sizes Graph>
consteval piece_table<Sizes> pieces_of(const graph::part_row* parts,
                                       const graph::resolved_parts<Graph>& resolved, bool wanted) {
    piece_table<Sizes> table;
    if (wanted) lower_pieces(parts, resolved, table);
    return table;
}
template <table_sizes Sizes, graph::graph_sizes Graph>
consteval constant_tables<Sizes> tables_of(std::string_view name, graph::list<graph::part_row> parts,
                                           const graph::resolved_parts<Graph>& resolved,
                                           const graph::dependency_graph<Graph>& graph,
                                           const piece_table<Sizes>& pieces, bool wanted) {
    constant_tables<Sizes> tables{pieces};
    if (wanted) lower_constants(name, parts, resolved, graph, tables);
    return tables;
}

}  // namespace weft::plan
