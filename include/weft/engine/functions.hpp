// SPDX-License-Identifier: MIT
#pragma once

#include <weft/plan/tables.hpp>
#include <weft/std_function.hpp>

#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace weft::engine {

/// What a function's value is in a command: text, or the elements of a list, each ended by a zero byte.
struct shown_text {
    std::string text;
    bool list = false;
};

/// What a function is called with beside its values.
struct function_call {
    std::span<const std::vector<std::string>> files;  ///< per reference of the task: absolute paths
    std::function<const std::string&()> scratch;      ///< makes the task's scratch directory and names it
    std::stop_token stop;
    std::function<void(std::string_view task, std::string_view message)> log;  ///< none: stderr
};

/// Calls the functions of a workflow and holds what they return. The executor calls a task's function after
/// those of all that it takes values from, from any thread, several at a time.
class functions {
public:
    virtual ~functions() = default;

    /// A run begins, with a text per row of the plan's `all_parameters`.
    virtual void begin(std::span<const std::string> parameters) = 0;

    /// Throws what the function throws.
    virtual void call(plan::index task, const function_call& with) = 0;

    /// Whether the function had an argument moved into it: what it was called with is gone.
    virtual bool consumes(plan::index task) const = 0;

    /// The value of a task that finished, which a command takes.
    virtual shown_text text(plan::index task) const = 0;
};

}  // namespace weft::engine
