// SPDX-License-Identifier: MIT
#pragma once

#include <weft/std_function.hpp>
#include <weft/text/joined.hpp>

#include <stdexcept>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>

namespace weft {

/// The run, as a function task sees it: take a `weft::context&` as the first parameter.
///
///     task<"search">([](weft::context& self, const grid& g) {
///         for (auto& cell : g) { if (self.stop_requested()) break; ... }
///     }, from<"grid">)
class context {
public:
    context(std::string_view task, const std::stop_token& stop) : task_(task), stop_(&stop) {}

    /// The task's name, with the names of its nested workflows: "winter/plot".
    std::string_view task() const { return task_; }
    /// Whether the run is to stop. A value that is returned after that is kept.
    bool stop_requested() const { return stop_->stop_requested(); }
    const std::stop_token& stop_token() const { return *stop_; }

    /// The absolute path of the task's scratch directory, which the first call creates. Files in it can be
    /// referenced, `workflow:///search/best.txt`, declared with `outputs<>` and collected with `collect<>`.
    /// Throws std::logic_error in a workflow without files, which has no scratch directory.
    const std::string& scratch() const {
        if (!scratch_)
            throw std::logic_error(
                text::joined("weft: task '", task_,
                             "' has no scratch directory, because its workflow has no files: declare "
                             "outputs<\"...\"> of a task, or refer to a file of this one"));
        return scratch_();
    }
    /// Logs a message of the task: as a line of the log of `weft::main`, as a call of `options::on_message`
    /// if that is set, or else as the line "search: found it" on stderr.
    void log(std::string_view message) const;

    // For the code that runs the task.
    void give_log(std::function<void(std::string_view task, std::string_view message)> log) {
        log_ = std::move(log);
    }
    void give_scratch(std::function<const std::string&()> scratch) { scratch_ = std::move(scratch); }
    void give_stop_token(const std::stop_token& stop) { stop_ = &stop; }

private:
    std::string_view task_;
    const std::stop_token* stop_;
    std::function<const std::string&()> scratch_{};
    std::function<void(std::string_view task, std::string_view message)> log_{};
};

}  // namespace weft
