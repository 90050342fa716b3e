// SPDX-License-Identifier: MIT
#include "random_workflow.hpp"

#include <weft/graph/explain.hpp>
#include <weft/graph/validate.hpp>

#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <set>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

using namespace weft::graph;
using weft_test::random_workflow;
using weft_test::written_part;
using weft_test::written_reference;

namespace {

// The position of a mistake: its kind, whether it belongs to a workflow, and the number of the workflow or
// part.
using found_at = std::tuple<mistake, bool, index>;

constexpr graph_sizes most{160, weft_test::most_tasks, 400, 200, 300};

template <class Rows>
auto rows_of(const Rows& rows) {
    return list<typename Rows::value_type>{rows.data(), static_cast<index>(rows.size())};
}

/// A workflow as the rows that the compile-time readers make.
struct read_workflow {
    std::vector<scope_row> scopes;
    std::vector<part_row> parts;
    std::vector<std::vector<mention>> mentions;
    std::vector<std::vector<placeholder>> placeholders;
    std::vector<std::array<std::vector<named>, 3>> names;  // on, after, outputs
    std::vector<std::vector<modifier_row>> modifiers;

    explicit read_workflow(const random_workflow& from)
        : mentions(from.parts.size()),
          placeholders(from.parts.size()),
          names(from.parts.size()),
          modifiers(from.parts.size()) {
        static const char types[2]{};
        for (const auto& one : from.workflows)
            scopes.push_back({one.parent, name_of(one.name), name_of(one.declared), {}});
        for (std::size_t at = 0; at < from.parts.size(); ++at) {
            const written_part& part = from.parts[at];
            part_row& row = parts.emplace_back();
            row.kind = part.kind;
            row.scope = part.workflow;
            row.name = name_of(part.name);
            row.path = row.name.name;
            row.type = &types[part.type];
            row.number = part.type == 0;
            for (const written_reference& one : part.references)
                mentions[at].push_back({weft::text::sliced(one.path), name_of(one.workflow),
                                        name_of(one.task), weft::text::sliced(one.path)});
            for (const auto& one : part.placeholders)
                placeholders[at].push_back({name_of(one.name), one.number
                                                                   ? weft::text::shell_place::arithmetic
                                                                   : weft::text::shell_place::words});
            if (!part.host.empty()) names[at][0].push_back(name_of(part.host));
            for (const std::string_view one : part.after) names[at][1].push_back(name_of(one));
            for (const std::string_view one : part.promises) names[at][2].push_back(name_of(one));
            constexpr modifier_kind kinds[]{modifier_kind::on, modifier_kind::after, modifier_kind::outputs};
            for (std::size_t kind = 0; kind < std::size(kinds); ++kind)
                if (!names[at][kind].empty())
                    modifiers[at].push_back({kinds[kind], rows_of(names[at][kind])});
            row.mentions = rows_of(mentions[at]);
            row.placeholders = rows_of(placeholders[at]);
            row.modifiers = rows_of(modifiers[at]);
        }
    }
};

/// The same rules in the simplest form: every name is searched among all parts.
class reference {
public:
    explicit reference(const random_workflow& of) : of_(of) {
        for (index at = 0; at < of.workflows.size(); ++at) check_workflow(at);
        for (index at = 0; at < of.parts.size(); ++at) {
            check_part(at);
            if (of.parts[at].kind == part_kind::task) check_task(at);
        }
    }

    std::multiset<found_at> mistakes;
    std::set<std::pair<index, index>> edges;  ///< parts: producer, consumer

    bool has_cycle() const {
        std::map<index, std::size_t> level;
        for (std::size_t round = 0; round <= of_.parts.size(); ++round) {
            bool changed = false;
            for (const auto& [from, to] : edges)
                if (level[to] < level[from] + 1) level[to] = level[from] + 1, changed = true;
            if (!changed) return false;
        }
        return true;
    }

private:
    template <class Fits>
    index first(part_kind kind, Fits fits) const {
        for (index at = 0; at < of_.parts.size(); ++at)
            if (of_.parts[at].kind == kind && fits(of_.parts[at])) return at;
        return absent;
    }
    index task_named(std::string_view name, index workflow) const {
        return first(part_kind::task, [&](const written_part& part) {
            return part.workflow == workflow && part.name == name;
        });
    }

    void check_workflow(index at) {
        const auto& own = of_.workflows[at];
        bool twice = false;
        for (index other = 1; other < at; ++other)
            twice |= of_.workflows[other].parent == own.parent && of_.workflows[other].name == own.name;
        if (twice || (at != 0 && task_named(own.name, own.parent) != absent))
            mistakes.insert({mistake::duplicate_workflow, true, at});
    }

    void check_part(index at) {
        const written_part& own = of_.parts[at];
        const index same = first(own.kind, [&](const written_part& part) {
            return part.workflow == own.workflow && part.name == own.name;
        });
        if (same != at)
            mistakes.insert(
                {own.kind == part_kind::task ? mistake::duplicate_task : mistake::duplicate_parameter, false,
                 at});
        if (own.kind == part_kind::param && of_.parts[source(at)].type != own.type)
            mistakes.insert({mistake::parameter_types_differ, false, at});
    }

    bool is_within(index inner, index outer) const {
        while (inner != outer && inner != 0) inner = of_.workflows[inner].parent;
        return inner == outer;
    }
    /// The parameter of that name in a workflow: declared there, else in a workflow nested in it.
    index parameter(std::string_view name, index workflow) const {
        const index declared = first(part_kind::param, [&](const written_part& part) {
            return part.name == name && part.workflow == workflow;
        });
        if (declared != absent) return declared;
        return first(part_kind::param, [&](const written_part& part) {
            return part.name == name && is_within(part.workflow, workflow);
        });
    }
    /// The parameter of the outermost workflow that gives a parameter its value.
    index source(index at) const { return parameter(of_.parts[at].name, 0); }

    index workflow_named(std::string_view name, index from) const {
        for (;; from = of_.workflows[from].parent) {
            if (of_.workflows[from].name == name || of_.workflows[from].declared == name) return from;
            for (index at = 1; at < of_.workflows.size(); ++at)
                if (of_.workflows[at].parent == from && of_.workflows[at].name == name) return at;
            if (from == 0) return absent;
        }
    }

    void check_link(index at, index target, mistake when_absent) {
        if (target == absent)
            mistakes.insert({when_absent, false, at});
        else if (target == at)
            mistakes.insert({mistake::self_reference, false, at});
        else
            edges.insert({target, at});
    }

    void check_task(index at) {
        const written_part& own = of_.parts[at];
        for (const written_reference& one : own.references) {
            const index where =
                one.workflow.empty() ? own.workflow : workflow_named(one.workflow, own.workflow);
            // A workflow without nested ones may get the sibling later: not a mistake yet.
            if (where == absent && of_.workflows.size() == 1) continue;
            const index target = where == absent ? absent : task_named(one.task, where);
            check_link(at, target, where == absent ? mistake::unknown_workflow : mistake::unknown_task);
            if (target == absent || target == at) continue;
            const auto& promises = of_.parts[target].promises;
            const bool kept = std::any_of(promises.begin(), promises.end(), [&](std::string_view promise) {
                return promise == one.path || (promise == "d" && one.path == "d/g");
            });
            if (!promises.empty() && !kept) mistakes.insert({mistake::output_not_promised, false, at});
        }
        for (const std::string_view name : own.after)
            check_link(at, task_named(name, own.workflow), mistake::unknown_task);
        const auto has_name = [&](const written_part& part) { return part.name == own.host; };
        if (!own.host.empty() && first(part_kind::host, has_name) == absent)
            mistakes.insert({mistake::unknown_host, false, at});
        for (const auto& one : own.placeholders) {
            const index declared = parameter(one.name, own.workflow);
            if (declared == absent)
                mistakes.insert({mistake::undeclared_parameter, false, at});
            else if (one.number && of_.parts[source(declared)].type != 0)
                mistakes.insert({mistake::unquotable_value, false, at});
        }
    }

    const random_workflow& of_;
};

}  // namespace

TEST_CASE("thousands of random nested workflows have the edges and mistakes of a simple reference") {
    std::map<mistake, int> seen;
    int sound = 0;
    for (unsigned seed = 0; seed < 6000; ++seed) {
        const random_workflow written(seed);
        const read_workflow read(written);
        const reference expected(written);
        INFO("seed " << seed);
        REQUIRE(sizes_of(rows_of(read.parts), rows_of(read.scopes)).names <= most.names);
        const auto resolved = resolve<most>(rows_of(read.parts), rows_of(read.scopes));
        const auto graph = build(resolved);

        std::set<std::pair<index, index>> edges;
        for (index task = 0; task < graph.tasks; ++task)
            for (index at = graph.first_predecessor[task]; at < graph.first_predecessor[task + 1]; ++at)
                edges.insert({resolved.part_of[graph.predecessors[at]], resolved.part_of[task]});
        REQUIRE(edges == expected.edges);

        const problems found =
            validator<most>(rows_of(read.parts), rows_of(read.scopes), resolved).check(graph);
        std::multiset<found_at> reported;
        bool cycle = false;
        for (index at = 0; at < found.count; ++at) {
            const problem& one = found.all[at];
            ++seen[one.what];
            // Each has a message with a culprit.
            const message said =
                explainer(rows_of(read.parts), rows_of(read.scopes)).explain(one, resolved, graph);
            REQUIRE(said.size > 20);
            REQUIRE(said.culprit.size > 0);
            if (one.what == mistake::cycle)
                cycle = true;
            else
                reported.insert({one.what, one.where == problem::place::workflow, one.part});
        }
        REQUIRE((graph.ordered != graph.tasks) == expected.has_cycle());
        if (found.omitted != 0) {
            REQUIRE(std::includes(expected.mistakes.begin(), expected.mistakes.end(), reported.begin(),
                                  reported.end()));
            continue;
        }
        REQUIRE(reported == expected.mistakes);
        REQUIRE(cycle == expected.has_cycle());
        if (found.count == 0) ++sound;
    }
    // The distribution of the workflows: many valid ones, and each mistake often enough.
    CHECK(sound > 1500);
    for (const mistake one :
         {mistake::duplicate_task, mistake::duplicate_parameter, mistake::duplicate_workflow,
          mistake::unknown_workflow, mistake::unknown_task, mistake::self_reference,
          mistake::output_not_promised, mistake::undeclared_parameter, mistake::parameter_types_differ,
          mistake::unquotable_value, mistake::unknown_host, mistake::cycle}) {
        INFO("mistake " << static_cast<int>(one));
        CHECK(seen[one] > 10);
    }
}
