// SPDX-License-Identifier: MIT
// Functions of a workflow with commands or files: the engine calls them, one at a time.
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

/// A value in the form that commands receive.
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

/// Calls functions for the engine, by their tables.
class function_caller : public engine::functions {
public:
    using writer = engine::shown_text (*)(const void*);

    function_caller(const plan::view& plan, const plan::function_view& tables,
                    std::vector<const void*> callables, std::map<plan::index, writer> writers);

    void call(plan::index task, const engine::function_call& with) override;
    bool consumes(plan::index task) const override { return functions_.slots[task].consumes; }
    engine::shown_text text(plan::index task) const override;

    /// The value of a finished task.
    const void* value(plan::index task) const { return frame_.value(task); }

protected:
    call_frame frame_;

private:
    const plan::function_view functions_;
    std::vector<pool::index> position_;  ///< position of a task in the layout
    std::map<plan::index, writer> writers_;
};

/// The same with the types of a workflow's parameters and values. It refers to the workflow.
template <class Rows>
class function_calls final : public function_caller {
public:
    function_calls(const Rows& rows, const plan::view& plan)
        : function_caller(plan, rows.functions.view(), addresses_of(rows.functions.callables),
                          writers(typename Rows::functions_type::shown_values())),
          rows_(rows) {}

    void begin(std::span<const std::string> parameters) override {
        frame_.destroy_values();
        frame_.destroy_parameters();
        make_parameters(frame_, rows_, parameters);
    }

private:
    template <std::size_t... Task, class... Result>
    static std::map<plan::index, writer> writers(dsl::types<plan::shown_value<Task, Result>...>) {
        return {{static_cast<plan::index>(Task), &text_of_value<Result>}...};
    }

    const Rows& rows_;
};

}  // namespace weft::function
