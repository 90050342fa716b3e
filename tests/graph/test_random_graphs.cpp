// SPDX-License-Identifier: MIT
#include <weft/graph/explain.hpp>
#include <weft/graph/validate.hpp>

#include <catch2/catch.hpp>

#include <algorithm>
#include <iterator>
#include <random>
#include <set>
#include <string>
#include <vector>

using namespace weft::graph;

namespace {

constexpr std::size_t most_tasks = 40;
constexpr std::size_t most_links = 400;
constexpr graph_sizes most{most_tasks, most_tasks, most_links, 0, most_tasks};
// A vector, because GCC 12 treats a single object as an array that loops overrun.
const std::vector<scope_row> self{{0, name_of("w"), name_of("w"), {}}};

index size_of(const auto& rows) {
    return static_cast<index>(rows.size());
}

/// A workflow's rows with random edges, and the same graph in the simplest form.
struct sample {
    std::vector<std::string> names;
    std::vector<std::vector<mention>> mentions;
    std::vector<part_row> rows;
    std::vector<std::set<index>> before;

    sample(unsigned seed, bool backwards) {
        std::mt19937 random(seed);
        const auto count = static_cast<index>(1 + random() % most_tasks);
        before.resize(count);
        mentions.resize(count);
        for (index task = 0; task < count; ++task) {
            std::string& name = names.emplace_back("t");
            name += std::to_string(random() % 1000000);
            name += '.';
            name += std::to_string(task);
        }
        for (index task = 0; task < count; ++task) {
            for (auto links = random() % 6; links > 0; --links) {
                const auto other = static_cast<index>(random() % count);
                if (other == task || (other > task && !backwards)) continue;
                before[task].insert(other);
                mentions[task].push_back({{}, {}, name_of(names[other]), weft::text::sliced("f")});
            }
        }
        for (index task = 0; task < count; ++task) {
            part_row& row = rows.emplace_back();
            row.kind = part_kind::task;
            row.name = name_of(names[task]);
            row.path = row.name.name;
            row.mentions = {mentions[task].data(), size_of(mentions[task])};
        }
    }

    /// Levels by definition: one more than the highest predecessor; empty if there is a cycle.
    std::vector<index> levels() const {
        std::vector<index> level(before.size(), 0);
        for (std::size_t round = 0; round <= before.size(); ++round) {
            bool changed = false;
            for (index task = 0; task < before.size(); ++task)
                for (const index from : before[task])
                    if (level[task] < level[from] + 1) level[task] = level[from] + 1, changed = true;
            if (!changed) return level;
        }
        return {};
    }
};

/// Each step of the printed path is an edge, the path is closed, and none of its tasks is in another cycle.
void check_cycle(const message& said, const sample& s, std::set<std::string>& in_cycles) {
    std::string text(said.view());
    text = text.substr(text.find("other: ") + 7);
    text = text.substr(0, text.find("; remove"));
    CHECK(said.view(said.culprit) == text);
    std::vector<index> path;
    for (std::size_t start = 0, end; start < text.size(); start = end + 4) {
        end = std::min(text.find(" -> ", start), text.size());
        const auto name = std::find(s.names.begin(), s.names.end(), text.substr(start, end - start));
        REQUIRE(name != s.names.end());
        path.push_back(static_cast<index>(name - s.names.begin()));
    }
    REQUIRE(path.size() >= 3);
    REQUIRE(path.front() == path.back());
    for (std::size_t at = 0; at + 1 < path.size(); ++at) {
        REQUIRE(s.before[path[at + 1]].count(path[at]) == 1);
        REQUIRE(in_cycles.insert(s.names[path[at]]).second);
    }
}

}  // namespace

TEST_CASE("thousands of random graphs have the edges, levels and order of a simple reference") {
    for (unsigned seed = 0; seed < 4000; ++seed) {
        const sample s(seed, seed % 4 == 0);
        const list<part_row> parts{s.rows.data(), size_of(s.rows)};
        const list<scope_row> scopes{self.data(), size_of(self)};
        const auto resolved = resolve<most>(parts, scopes);
        const auto graph = build(resolved);
        const auto levels = s.levels();
        const auto count = static_cast<index>(s.rows.size());
        INFO("seed " << seed);
        REQUIRE(graph.tasks == count);
        std::size_t edges = 0;
        for (index task = 0; task < count; ++task) {
            const std::set<index> found(std::begin(graph.predecessors) + graph.first_predecessor[task],
                                        std::begin(graph.predecessors) + graph.first_predecessor[task + 1]);
            REQUIRE(found == s.before[task]);
            edges += found.size();
            for (index at = graph.first_successor[task]; at < graph.first_successor[task + 1]; ++at)
                REQUIRE(s.before[graph.successors[at]].count(task) == 1);
        }
        REQUIRE(graph.edges() == edges);
        const problems found = validator<most>(parts, scopes, resolved).check(graph);
        REQUIRE((graph.ordered == count) == !levels.empty());
        if (levels.empty()) {
            REQUIRE(found.count > 0);
            std::set<std::string> in_cycles;
            for (index at = 0; at < found.count; ++at) {
                REQUIRE(found.all[at].what == mistake::cycle);
                check_cycle(explainer(parts, scopes).explain(found.all[at], resolved, graph), s, in_cycles);
            }
            continue;
        }
        REQUIRE(found.count == 0);
        REQUIRE(graph.depth == *std::max_element(levels.begin(), levels.end()) + 1);
        std::vector<index> order(std::begin(graph.order), std::begin(graph.order) + count);
        std::vector<index> expected(count);
        for (index task = 0; task < count; ++task) expected[task] = task;
        std::stable_sort(expected.begin(), expected.end(),
                         [&](index a, index b) { return levels[a] < levels[b]; });
        REQUIRE(order == expected);
        index width = 0;
        for (index level = 0; level < graph.depth; ++level)
            width = std::max(width, static_cast<index>(std::count(levels.begin(), levels.end(), level)));
        REQUIRE(graph.width == width);
    }
}

TEST_CASE("names whose hashes have equal low bits are distinguished, and so are kinds and workflows") {
    std::vector<std::string> kept;
    for (int i = 0; kept.size() < 64; ++i) {
        std::string name = "n" + std::to_string(i);
        if ((weft::text::hash(name) & 63) == 7) kept.push_back(name);
    }
    std::vector<part_row> rows(kept.size() + 1);
    for (std::size_t at = 0; at < kept.size(); ++at) rows[at].name = name_of(kept[at]);
    rows.back().name = name_of(kept[3]);
    name_index<130> names;
    for (index at = 0; at < kept.size(); ++at) CHECK(names.add(at, rows[at], 0) == at);
    for (index at = 0; at < kept.size(); ++at) CHECK(names.find(part_kind::task, name_of(kept[at]), 0) == at);
    CHECK(names.add(64, rows[64], 0) == 3);
    CHECK(names.find(part_kind::task, name_of("unknown"), 0) == absent);
    CHECK(names.find(part_kind::task, name_of(kept[3]), 1) == absent);
    CHECK(names.find(part_kind::host, name_of(kept[3]), 0) == absent);
    CHECK(names.add(64, rows[64], 1) == 64);
    CHECK(names.find(part_kind::task, name_of(kept[3]), 1) == 64);
}
