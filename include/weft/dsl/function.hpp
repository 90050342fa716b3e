// SPDX-License-Identifier: MIT
#pragma once

#include <weft/text/fixed_string.hpp>

namespace weft {

/// What a function task is told about its run, when its first parameter is a `weft::context&`.
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

/// A callable that its type says all about: it is not kept but made anew for each call, so that a thousand
/// lambdas cost a compiler no tuple of a thousand elements, and a call is inlined. (Asked of the compiler
/// itself: each of the library's traits is a class or two for each lambda.)
template <class Callable>
inline constexpr bool is_stateless = __is_empty(Callable) && __is_constructible(Callable);

/// A function to be called in this process, and where its arguments come from.
template <class Callable, class... Arguments>
struct function_action {};

/// What a task's values hold of its action: the callable, if that has a state. Other actions are in their
/// types.
template <class Callable, bool Stateless = is_stateless<Callable>>
struct kept_callable {
    Callable callable;
};
template <class Callable>
struct kept_callable<Callable, true> {};

}  // namespace dsl

/// An argument of a function task: the value that the task returned, by const reference, or moved when this
/// is its only consumer and takes it by value.
///
///     task<"sum">([](const std::vector<double>& all, double first) { ... }, from<"read">, from<"scale">)
template <text::fixed_string Task>
inline constexpr dsl::from_argument<Task> from{};

/// An argument of a function task: the value of a parameter, as its type.
///
///     param<"n", int>(1000), task<"make">([](int n) { return std::vector<double>(n); }, value<"n">)
template <text::fixed_string Parameter>
inline constexpr dsl::value_argument<Parameter> value{};

/// An argument of a function task: a file that the task left, a directory, or what matches a glob. It is
/// staged before the call and comes as a `staged_file`, which becomes the std::filesystem::path, or the
/// vector of them, that the function takes. Of a task of a nested workflow: `file<"winter/plot",
/// "plot.png">`.
///
///     task<"mean">([](const std::filesystem::path& data) { ... }, file<"measure", "data.csv">)
template <text::fixed_string Task, text::fixed_string Path>
inline constexpr dsl::file_argument<Task, Path> file{};

}  // namespace weft
