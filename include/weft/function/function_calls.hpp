// SPDX-License-Identifier: MIT
// Functions of a workflow that has commands or files too: the engine calls them, one at a time.
#pragma once

#include <weft/engine/functions.hpp>
#include <weft/function/call_frame.hpp>
#include <weft/function/typed_frame.hpp>
#include <weft/plan/parameter_text.hpp>
#include <weft/plan/workflow.hpp>

#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace weft::function {

/// A value as commands get it.
template <class T>
engine::shown_text text_of_value(const void* value) {
    const T& shown = *static_cast<const T*>(value);
    if constexpr (dsl::list_like<T>) {
        engine::shown_text all{{}, true};
        for (const auto& each : shown) all.text += plan::command_text<typename T::value_type>(each) + '\0';
        return all;
    } else if constexpr (dsl::single_value<T> && (!dsl::reads_itself<T> || plan::writes_itself<T>)) {
        return {plan::command_text<T>(shown)};
    } else {
        return {to_string(shown)};
    }
}

/// Calls functions for the engine. What it knows of them are tables.
class function_caller : public engine::functions {
public:
    using writer = engine::shown_text (*)(const void*);

    function_caller(const plan::view& what, const plan::function_view& tables,
                    std::vector<const void*> callables, std::map<plan::index, writer> writers);

    void call(plan::index task, const engine::function_call& with) override;
    bool consumes(plan::index task) const override { return functions_.slots[task].consumes; }
    engine::shown_text text(plan::index task) const override;

    /// The value of a task that finished.
    const void* value(plan::index task) const { return frame_.value(task); }

protected:
    call_frame frame_;

private:
    const plan::function_view functions_;
    std::vector<pool::index> position_;  ///< of a task in the layout
    std::map<plan::index, writer> writers_;
};

/// The same with the types of a workflow's parameters and values. It refers to the workflow.
template <class Rows>
class function_calls final : public function_caller {
public:
    function_calls(const Rows& what, const plan::view& plan)
        : function_caller(plan, what.functions.view(), addresses_of(what.functions.callables),
                          writers(typename Rows::functions_type::shown_values())),
          what_(what) {}

    void begin(std::span<const std::string> parameters) override {
        frame_.destroy_values();
        frame_.destroy_parameters();
        make_parameters(frame_, what_, parameters);
    }

private:
    template <std::size_t... Task, class... Result>
    static std::map<plan::index, writer> writers(dsl::types<plan::shown_value<Task, Result>...>) {
        return {{static_cast<plan::index>(Task), &text_of_value<Result>}...};
    }

    const Rows& what_;
};

}  // namespace weft::function
