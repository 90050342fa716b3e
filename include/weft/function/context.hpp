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

/// What a function task is told about its run: take a `weft::context&` as the first parameter.
///
///     task<"search">([](weft::context& self, const grid& g) {
///         for (auto& cell : g) { if (self.stop_requested()) break; ... }
///     }, from<"grid">)
class context {
public:
    context(std::string_view task, const std::stop_token& stop) : task_(task), stop_(&stop) {}

    /// The task's name, with those of nested workflows before it: "winter/plot".
    std::string_view task() const { return task_; }
    /// The run shall end: what is returned then is kept all the same.
    bool stop_requested() const { return stop_->stop_requested(); }
    const std::stop_token& stop_token() const { return *stop_; }

    /// The task's scratch directory, an absolute path; made when it is first asked for. What is left in it
    /// can be referred to, `workflow:///search/best.txt`, promised by `outputs<>` and brought home by
    /// `collect<>`. Throws std::logic_error in a workflow that has to do with no files: there is no directory
    /// then.
    const std::string& scratch() const {
        if (!scratch_)
            throw std::logic_error(
                text::joined("weft: task '", task_,
                             "' asks for its scratch directory in a workflow without files: give a task "
                             "of it outputs<\"...\">, or refer to a file of this one"));
        return scratch_();
    }
    /// Says something in the task's name: a line of the log of a `weft::main`, a call of
    /// `options::on_message` where that is given, else the line "search: found it" on stderr.
    void log(std::string_view message) const;

    // For who runs the task.
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
