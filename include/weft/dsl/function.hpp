// SPDX-License-Identifier: MIT
#pragma once

#include <weft/text/fixed_string.hpp>

namespace weft {

/// The run, as a function task sees it through a first parameter `weft::context&`.
class context;

namespace dsl {

template <text::fixed_string Task>
struct from_argument {};
template <text::fixed_string Parameter>
struct value_argument {};
template <text::fixed_string Task, text::fixed_string Path>
struct file_argument {};

template <class T>
inline constexpr bool is_argument = false;
template <text::fixed_string Task>
inline constexpr bool is_argument<from_argument<Task>> = true;
template <text::fixed_string Parameter>
inline constexpr bool is_argument<value_argument<Parameter>> = true;
template <text::fixed_string Task, text::fixed_string Path>
inline constexpr bool is_argument<file_argument<Task, Path>> = true;

/// A stateless callable. It is not stored but constructed for each call, so that a thousand lambdas need no
/// tuple of a thousand elements and calls are inlined. Compiler builtins, because each trait of the standard
/// library would be a class or two for each lambda.
template <class Callable>
inline constexpr bool is_stateless = __is_empty(Callable) && __is_constructible(Callable);

/// A function called in this process, and the sources of its arguments.
template <class Callable, class... Arguments>
struct function_action {};

/// The part of an action that a task stores: a callable with a state. All else is in the action's type.
template <class Callable, bool Stateless = is_stateless<Callable>>
struct kept_callable {
    Callable callable;
};
template <class Callable>
struct kept_callable<Callable, true> {};

}  // namespace dsl

/// An argument of a function task: the value that the task returned, by const reference, or moved if this is
/// its only consumer and takes it by value.
///
///     task<"sum">([](const std::vector<double>& all, double first) { ... }, from<"read">, from<"scale">)
template <text::fixed_string Task>
inline constexpr dsl::from_argument<Task> from{};

/// An argument of a function task: the value of a parameter, with the parameter's type.
///
///     param<"n", int>(1000), task<"make">([](int n) { return std::vector<double>(n); }, value<"n">)
template <text::fixed_string Parameter>
inline constexpr dsl::value_argument<Parameter> value{};

/// An argument of a function task: a file or directory that the task wrote, or the matches of a glob. It is
/// staged before the call and passed as a `staged_file`, which converts to std::filesystem::path or to a
/// vector of paths. For a task of a nested workflow: `file<"winter/plot", "plot.png">`.
///
///     task<"mean">([](const std::filesystem::path& data) { ... }, file<"measure", "data.csv">)
template <text::fixed_string Task, text::fixed_string Path>
inline constexpr dsl::file_argument<Task, Path> file{};

}  // namespace weft
