// SPDX-License-Identifier: MIT
#pragma once

#include <stop_token>
#include <string_view>

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

private:
    std::string_view task_;
    const std::stop_token* stop_;
};

}  // namespace weft
