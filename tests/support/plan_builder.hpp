// SPDX-License-Identifier: MIT
#pragma once

#include <weft/plan/tables.hpp>
#include <weft/text/glob.hpp>

#include <algorithm>
#include <deque>
#include <string>
#include <utility>
#include <vector>

namespace support {

/// Builds the rows of a plan by hand, for tests of its readers. Tasks are declared in topological order.
///
///     plan_builder plan;
///     plan.task("A").task("B").refers("A", "f.txt");
///     run(plan.view());
class plan_builder {
public:
    using index = weft::plan::index;

    index host(std::string name) {
        hosts_.push_back(keep(std::move(name)));
        return static_cast<index>(hosts_.size() - 1);
    }

    plan_builder& task(std::string name, index host = weft::plan::none) {
        auto& row = tasks_.emplace_back();
        row.name = keep(std::move(name));
        row.host = host;
        policies_.emplace_back();
        predecessors_.emplace_back();
        references_.emplace_back();
        outputs_.emplace_back();
        inputs_.emplace_back();
        collected_.emplace_back();
        commands_.emplace_back("cat");
        return *this;
    }
    /// Replaces `cat` before the references.
    plan_builder& command(std::string text) { return commands_.back() = keep(std::move(text)), *this; }
    plan_builder& after(const std::string& name) {
        predecessors_.back().push_back(find(name));
        return *this;
    }
    plan_builder& refers(const std::string& name, std::string path) {
        weft::plan::reference row;
        row.consumer = static_cast<index>(tasks_.size() - 1);
        row.producer = find(name);
        row.path = keep(std::move(path));
        row.glob = weft::text::is_glob(row.path);
        references_.back().push_back(row);
        return after(name);
    }
    plan_builder& outputs(std::string path) {
        return outputs_.back().push_back(keep(std::move(path))), *this;
    }
    plan_builder& inputs(std::string path) { return inputs_.back().push_back(keep(std::move(path))), *this; }
    plan_builder& collect(std::string path) {
        return collected_.back().push_back(keep(std::move(path))), *this;
    }
    weft::plan::policy& policy() { return policies_.back(); }

    /// Valid while the builder lives and no task is added.
    weft::plan::view view() {
        clear();
        std::vector<std::vector<index>> next(tasks_.size());
        for (index task = 0; task < tasks_.size(); ++task) {
            auto before = predecessors_[task];
            std::sort(before.begin(), before.end());
            before.erase(std::unique(before.begin(), before.end()), before.end());
            for (const index from : before) {
                next[from].push_back(task);
                tasks_[task].level = std::max(tasks_[task].level, tasks_[from].level + 1);
            }
            tasks_[task].predecessors = append(all_predecessors_, before);
            tasks_[task].references = append(all_references_, references_[task]);
            tasks_[task].outputs = append(paths_, outputs_[task]);
            tasks_[task].inputs = append(paths_, inputs_[task]);
            tasks_[task].collected = append(paths_, collected_[task]);
            make_pieces(task);
            order_.push_back(task);
        }
        for (index task = 0; task < tasks_.size(); ++task)
            tasks_[task].successors = append(all_successors_, next[task]);
        // Not stable_sort: Clang 19 warns about its implementation in libstdc++ 12.
        std::sort(order_.begin(), order_.end(), [&](index a, index b) {
            return std::pair(tasks_[a].level, a) < std::pair(tasks_[b].level, b);
        });
        weft::plan::view result;
        result.name = "test";
        result.tasks = tasks_;
        result.pieces = pieces_;
        result.references = all_references_;
        result.predecessors = all_predecessors_;
        result.successors = all_successors_;
        result.order = order_;
        result.paths = paths_;
        result.hosts = hosts_;
        result.policies = policies_;
        result.edges = all_predecessors_.size();
        return result;
    }

private:
    std::string_view keep(std::string text) { return texts_.emplace_back(std::move(text)); }
    index find(const std::string& name) const {
        const auto found =
            std::find_if(tasks_.begin(), tasks_.end(), [&](const auto& row) { return row.name == name; });
        return static_cast<index>(found - tasks_.begin());
    }
    void clear() {
        all_predecessors_.clear(), all_successors_.clear(), all_references_.clear();
        pieces_.clear(), paths_.clear(), order_.clear();
    }
    template <class Row>
    static weft::plan::range append(std::vector<Row>& table, const std::vector<Row>& rows) {
        const weft::plan::range range{static_cast<index>(table.size()), static_cast<index>(rows.size())};
        table.insert(table.end(), rows.begin(), rows.end());
        return range;
    }
    /// The command with every reference as an argument.
    void make_pieces(index task) {
        std::vector<weft::plan::piece> pieces(1);
        pieces[0].text = commands_[task];
        const weft::plan::range references = tasks_[task].references;
        for (index row = references.first; row < references.first + references.count; ++row) {
            weft::plan::piece space;
            space.text = " ";
            pieces.push_back(space);
            weft::plan::piece reference;
            reference.kind = weft::plan::piece_kind::reference;
            reference.target = row;
            pieces.push_back(reference);
        }
        tasks_[task].pieces = append(pieces_, pieces);
    }

    std::deque<std::string> texts_;
    std::vector<weft::plan::task> tasks_;
    std::vector<weft::plan::policy> policies_;
    std::vector<std::string_view> hosts_, paths_, commands_;
    std::vector<std::vector<index>> predecessors_;
    std::vector<std::vector<weft::plan::reference>> references_;
    std::vector<std::vector<std::string_view>> outputs_, inputs_, collected_;
    std::vector<index> all_predecessors_, all_successors_, order_;
    std::vector<weft::plan::reference> all_references_;
    std::vector<weft::plan::piece> pieces_;
};

}  // namespace support
