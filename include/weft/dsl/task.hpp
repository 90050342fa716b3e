// SPDX-License-Identifier: MIT
// dsl: the vocabulary in which a user declares a workflow.
// It knows `text` only: a placement is data here and knows no backend. `graph` reads the declarations.
#pragma once

#include <weft/dsl/action.hpp>
#include <weft/dsl/function.hpp>
#include <weft/dsl/misuse.hpp>
#include <weft/dsl/modifiers.hpp>
#include <weft/dsl/settings.hpp>
#include <weft/text/fixed_string.hpp>

#include <cstddef>
#include <string_view>
#include <type_traits>
#include <utility>

namespace weft {

namespace dsl {

/// The values of a task: its quantities, and the values of its env_modifiers in order.
template <std::size_t Variables>
struct task_values {
    dsl::settings settings{};
    dsl::variable_value environment[Variables]{};
};
template <>
struct task_values<0> {
    dsl::settings settings{};
};

/// A declared task. Its type contains everything with a name, and only names, so that types stay flat in
/// large graphs; `Modifiers` are in the order of the source. Quantities and environment values are data.
template <text::fixed_string Name, class Action, std::size_t Variables, class... Modifiers>
struct task_type : task_values<Variables> {};

/// A function task stores its callable if that has a state.
template <text::fixed_string Name, class Callable, class... Arguments, std::size_t Variables,
          class... Modifiers>
struct task_type<Name, function_action<Callable, Arguments...>, Variables, Modifiers...>
    : task_values<Variables>, kept_callable<Callable> {};

template <text::fixed_string Name, class Action, std::size_t Variables, class... Modifiers>
constexpr auto operator|(task_type<Name, Action, Variables, Modifiers...> task,
                         const quantity auto& modifier) {
    modifier.apply(task.settings);
    return task;
}

/// The task of type `To` with these values and, for a function task, the callable of `task`.
template <class To, text::fixed_string Name, class Action, std::size_t Variables, class... Modifiers,
          class Values>
constexpr To with_more(const task_type<Name, Action, Variables, Modifiers...>&, const Values& values) {
    return {values};
}
template <class To, text::fixed_string Name, class Callable, class... Arguments, std::size_t Variables,
          class... Modifiers, class Values>
constexpr To with_more(
    const task_type<Name, function_action<Callable, Arguments...>, Variables, Modifiers...>& task,
    const Values& values) {
    return {values, static_cast<const kept_callable<Callable>&>(task)};
}

template <text::fixed_string Name, class Action, std::size_t Variables, class... Modifiers,
          text::fixed_string Variable>
constexpr auto operator|(const task_type<Name, Action, Variables, Modifiers...>& task,
                         const env_modifier<Variable>& modifier) {
    auto result = with_more<task_type<Name, Action, Variables + 1, Modifiers..., env_modifier<Variable>>>(
        task, task_values<Variables + 1>{});
    result.settings = task.settings;
    if constexpr (Variables != 0)
        for (std::size_t i = 0; i < Variables; ++i) result.environment[i] = task.environment[i];
    result.environment[Variables] = modifier.value;
    return result;
}

template <class T>
inline constexpr bool names_something = false;
template <text::fixed_string Host>
inline constexpr bool names_something<on_modifier<Host>> = true;
template <text::fixed_string... Names>
inline constexpr bool names_something<after_modifier<Names...>> = true;
template <text::fixed_string... Names>
inline constexpr bool names_something<outputs_modifier<Names...>> = true;
template <text::fixed_string... Names>
inline constexpr bool names_something<inputs_modifier<Names...>> = true;
template <text::fixed_string... Names>
inline constexpr bool names_something<collect_modifier<Names...>> = true;

template <text::fixed_string Name, class Action, std::size_t Variables, class... Modifiers, class Modifier>
requires names_something<Modifier>
constexpr auto operator|(const task_type<Name, Action, Variables, Modifiers...>& task, const Modifier&) {
    return with_more<task_type<Name, Action, Variables, Modifiers..., Modifier>>(
        task, task_values<Variables>{task});
}

template <class Callable>
constexpr kept_callable<Callable> keep_callable(Callable&& callable) {
    if constexpr (is_stateless<Callable>)
        return {};
    else
        return {static_cast<Callable&&>(callable)};
}

}  // namespace dsl

// One overload per kind of action, because a concept would be checked for each task; and functions, because
// an object of a type with the name in it would be two more instantiations for each task.

/// A node of a workflow. Its name is unique in the workflow and also names its directory:
/// `[A-Za-z0-9_][A-Za-z0-9_.+-]*`.
///
///     task<"A">(sh<"hostname > f1.txt">) | on<"edge"> | timeout(5min) | retry(3)
template <text::fixed_string Name, text::fixed_string Command>
constexpr dsl::task_type<Name, dsl::shell_action<Command>, 0> task(dsl::shell_action<Command>) {
    return {};
}
template <text::fixed_string Name, text::fixed_string... Arguments>
constexpr dsl::task_type<Name, dsl::program_action<Arguments...>, 0> task(dsl::program_action<Arguments...>) {
    return {};
}
/// A function called in this process with `arguments`: from<"task">, value<"param">, file<"task", "path">.
template <text::fixed_string Name, class Callable, class... Arguments>
constexpr auto task(Callable callable, Arguments...) {
    static_assert(
        !dsl::is_text<Callable>,
        "weft: a command is a template argument of sh or exec: write task<\"name\">(sh<\"command\">) or "
        "task<\"name\">(exec<\"program\", \"argument\">)");
    static_assert(sizeof...(Arguments) == 0 || (dsl::is_argument<Arguments> && ...),
                  "weft: the arguments of a function task are from<\"task\">, value<\"param\"> and "
                  "file<\"task\", \"path\">");
    if constexpr (dsl::is_text<Callable>) {
        return dsl::task_type<Name, dsl::shell_action<":">, 0>();  // one error is enough
    } else {
        dsl::task_type<Name, dsl::function_action<Callable, Arguments...>, 0> result{
            {}, dsl::keep_callable(static_cast<Callable&&>(callable))};
        return result;
    }
}

}  // namespace weft
