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

/// A function's value as a command shows it: text, or the elements of a list, each ended by a zero byte.
struct shown_text {
    std::string text;
    bool list = false;
};

/// What a function is called with in addition to its values.
struct function_call {
    std::span<const std::vector<std::string>> files;  ///< per reference of the task: absolute paths
    std::function<const std::string&()>
        scratch;  ///< creates the task's scratch directory and returns its path
    std::stop_token stop;
    std::function<void(std::string_view task, std::string_view message)> log;  ///< none: stderr
};

/// Calls the functions of a workflow and holds the values they return. The engine calls a function after its
/// predecessors, from any thread, several at a time.
class functions {
public:
    virtual ~functions() = default;

    /// Starts a run, with one text per row of the plan's `all_parameters`.
    virtual void begin(std::span<const std::string> parameters) = 0;

    /// Throws what the function throws.
    virtual void call(plan::index task, const function_call& with) = 0;

    /// Whether an argument is moved into the function, so that it cannot be called again.
    virtual bool consumes(plan::index task) const = 0;

    /// The value of a finished task, for use in a command.
    virtual shown_text text(plan::index task) const = 0;
};

}  // namespace weft::engine
