// SPDX-License-Identifier: MIT
#pragma once

#include <weft/plan/tables.hpp>

#include <deque>
#include <string>
#include <utility>
#include <vector>

/// A plan of tasks that each run one program, built at run time: thousands of typed tasks would mostly
/// measure the compiler.
class many_tasks {
public:
    explicit many_tasks(weft::plan::index count, std::vector<std::string> arguments = {"/bin/true"})
        : arguments_(std::move(arguments)) {
        for (weft::plan::index i = 0; i < count; ++i) {
            weft::plan::task row;
            row.name = names_.emplace_back("t" + std::to_string(i));
            row.action = weft::plan::action_kind::program;
            row.pieces = {0, static_cast<weft::plan::index>(arguments_.size())};
            tasks_.push_back(row);
            order_.push_back(i);
        }
        policies_.resize(count);
        for (std::size_t i = 0; i < arguments_.size(); ++i) {
            weft::plan::piece piece;
            piece.argument = static_cast<weft::plan::index>(i);
            piece.text = arguments_[i];
            pieces_.push_back(piece);
        }
    }

    /// All other tasks depend on the first.
    void wait_for_first() {
        predecessors_ = {0};
        for (weft::plan::index i = 1; i < tasks_.size(); ++i) {
            tasks_[i].predecessors = {0, 1};
            tasks_[i].level = 1;
            successors_.push_back(i);
        }
        tasks_[0].successors = {0, static_cast<weft::plan::index>(successors_.size())};
    }

    weft::plan::view view() const {
        weft::plan::view result;
        result.name = "many";
        result.tasks = tasks_;
        result.pieces = pieces_;
        result.order = order_;
        result.policies = policies_;
        result.predecessors = predecessors_;
        result.successors = successors_;
        return result;
    }

private:
    std::vector<std::string> arguments_;
    std::deque<std::string> names_;
    std::vector<weft::plan::task> tasks_;
    std::vector<weft::plan::index> order_, predecessors_, successors_;
    std::vector<weft::plan::policy> policies_;
    std::vector<weft::plan::piece> pieces_;
};
