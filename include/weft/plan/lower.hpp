// SPDX-License-Identifier: MIT
// plan/lower: the only place where types become rows.
// It knows `graph`, `dsl`, `text` and the plan's tables. After it everything is ordinary code over spans.
#pragma once

#include <weft/graph/workflow.hpp>
#include <weft/plan/parameter_text.hpp>
#include <weft/plan/tables.hpp>

#include <array>
#include <vector>

namespace weft::plan {

/// How many rows each table of a workflow has.
struct table_sizes {
    std::size_t pieces = 0;
    std::size_t references = 0;
    std::size_t paths = 0;
    std::size_t variables = 0;
    std::size_t hosts = 0;
};

constexpr table_sizes count_rows(std::span<const graph::part_row> parts) {
    table_sizes sizes;
    for (const graph::part_row& part : parts) {
        sizes.pieces += part.pieces.size();
        sizes.references += part.mentions.size();
        sizes.hosts += part.kind == graph::part_kind::host;
        for (const graph::modifier_row& modifier : part.modifiers) {
            using enum graph::modifier_kind;
            if (modifier.kind == outputs || modifier.kind == inputs || modifier.kind == collect)
                sizes.paths += modifier.names.size();
            if (modifier.kind == env) ++sizes.variables;
        }
    }
    return sizes;
}

/// The tables that names and commands decide: constants of the program.
template <std::size_t Tasks, table_sizes Sizes>
struct constant_tables {
    std::array<task, Tasks> tasks{};
    std::array<piece, Sizes.pieces> pieces{};
    std::array<reference, Sizes.references> references{};
    std::array<std::string_view, Sizes.paths> paths{};
    std::array<std::string_view, Sizes.variables> variables{};
    std::array<std::string_view, Sizes.hosts> hosts{};
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

/// Where a name is among the parts of a kind.
constexpr index place_of(std::span<const graph::part_row> parts, graph::part_kind kind,
                         const graph::named& name) {
    index place = 0;
    for (const graph::part_row& part : parts) {
        if (part.kind != kind) continue;
        if (part.name == name) return place;
        ++place;
    }
    return none;
}

/// Fills a task's pieces; its references start at row `first_reference`.
constexpr void lower_pieces(std::span<const graph::part_row> parts, const graph::part_row& part,
                            index first_reference, std::span<piece> rows) {
    for (std::size_t at = 0; at < rows.size(); ++at) {
        const graph::piece_row& from = part.pieces[at];
        piece& row = rows[at];
        row.context = part.shell ? quoting_of(from.context) : quoting::bare;
        row.argument = from.argument;
        switch (from.what) {
            case text::found_piece::kind::text:
                row.text = from.text;
                break;
            case text::found_piece::kind::reference:
                row.kind = piece_kind::reference;
                row.target = first_reference + from.target;
                break;
            case text::found_piece::kind::placeholder:
                row.kind = piece_kind::parameter;
                row.target = place_of(parts, graph::part_kind::param, part.placeholders[from.target]);
                break;
        }
    }
}

/// One pass over the tasks in order of declaration.
template <class Workflow>
consteval auto lower_constants() {
    constexpr table_sizes sizes = count_rows(Workflow::rows());
    constexpr const auto& graph = Workflow::graph();
    const std::span<const graph::part_row> parts = Workflow::rows();
    constant_tables<graph.tasks, sizes> tables;
    index pieces = 0;
    index references = 0;
    index paths = 0;
    index variables = 0;
    index hosts = 0;
    for (const graph::part_row& part : parts)
        if (part.kind == graph::part_kind::host) tables.hosts[hosts++] = part.name.name;

    for (index at = 0; at < graph.tasks; ++at) {
        const graph::part_row& part = parts[graph.part_of[at]];
        task& row = tables.tasks[at];
        row.name = part.name.name;
        row.action = part.shell ? action_kind::shell : action_kind::program;
        row.level = graph.level[at];
        row.predecessors = {graph.first_predecessor[at],
                            graph.first_predecessor[at + 1] - graph.first_predecessor[at]};
        row.successors = {graph.first_successor[at],
                          graph.first_successor[at + 1] - graph.first_successor[at]};

        row.references = {references, static_cast<index>(part.mentions.size())};
        for (std::size_t mention = 0; mention < part.mentions.size(); ++mention) {
            reference& to = tables.references[references++];
            to.consumer = at;
            to.producer = graph.link_target[graph.first_link[at] + mention];
            to.path = part.mentions[mention].path;
            to.glob = is_glob(to.path);
        }
        row.pieces = {pieces, static_cast<index>(part.pieces.size())};
        lower_pieces(parts, part, row.references.first,
                     std::span(tables.pieces).subspan(pieces, part.pieces.size()));
        pieces += row.pieces.count;

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
                   [&](const graph::named& name) { tables.variables[variables++] = name.name; });
        row.environment.count = variables - row.environment.first;
        part.names(graph::modifier_kind::on, [&](const graph::named& name) {
            row.host = place_of(parts, graph::part_kind::host, name);
        });
    }
    return tables;
}

template <class Workflow>
inline constexpr auto constants_of = lower_constants<Workflow>();

/// A lowered workflow: the constant tables of its type, and the rows that come from the object's values.
///
///     const plan::lowered plan(demo);
///     run_plan(plan.view(), options);
class lowered {
public:
    template <class Workflow>
    explicit lowered(const Workflow& workflow) {
        constexpr const auto& constants = constants_of<Workflow>;
        constexpr const auto& graph = Workflow::graph();
        for (const dsl::settings& from : workflow.settings())
            policies_.push_back(
                {from.attempts, from.retry_delay, from.time_limit, from.cpus, from.memory, from.keep});
        for (std::size_t at = 0; at < constants.variables.size(); ++at)
            environment_.push_back({constants.variables[at], workflow.environment()[at]});
        workflow.parameters([&](const auto& declared) { parameters_.push_back(parameter_row(declared)); });

        view_.name = Workflow::name();
        view_.tasks = constants.tasks;
        view_.pieces = constants.pieces;
        view_.references = constants.references;
        view_.predecessors = std::span(graph.predecessors).first(graph.edges());
        view_.successors = std::span(graph.successors).first(graph.edges());
        view_.order = std::span(graph.order).first(graph.tasks);
        view_.paths = constants.paths;
        view_.hosts = constants.hosts;
        view_.policies = policies_;
        view_.environment = environment_;
        view_.parameters = parameters_;
        view_.edges = graph.edges();
        view_.depth = graph.depth;
        view_.width = graph.width;
    }
    lowered(const lowered&) = delete;
    lowered& operator=(const lowered&) = delete;

    /// Valid while this object lives.
    const plan::view& view() const { return view_; }

private:
    std::vector<policy> policies_;
    std::vector<variable> environment_;
    std::vector<parameter> parameters_;
    plan::view view_;
};

}  // namespace weft::plan
