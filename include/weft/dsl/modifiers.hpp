// SPDX-License-Identifier: MIT
#pragma once

#include <weft/dsl/bytes.hpp>
#include <weft/dsl/settings.hpp>
#include <weft/duration.hpp>
#include <weft/text/fixed_string.hpp>
#include <weft/text/name.hpp>

#include <cstdint>
#include <string_view>

namespace weft {

namespace dsl {

// Modifiers with names change a task's type; all others change its settings.
template <text::fixed_string Host>
struct on_modifier {};
template <text::fixed_string... Tasks>
struct after_modifier {};
template <text::fixed_string... Paths>
struct outputs_modifier {};
template <text::fixed_string... Paths>
struct inputs_modifier {};
template <text::fixed_string... Paths>
struct collect_modifier {};
/// The value of an environment variable: its text or, for a secret, the variable of this program that
/// contains it.
struct variable_value {
    std::string_view text{};
    bool secret = false;
};
template <text::fixed_string Name>
struct env_modifier {
    variable_value value;
};
/// The source of a secret.
struct secret_source {
    std::string_view variable;
};

struct keep_modifier {
    constexpr void apply(settings& s) const { s.keep = true; }
};
struct writable_inputs_modifier {
    constexpr void apply(settings& s) const { s.writable_inputs = true; }
};
struct timeout_modifier {
    std::chrono::milliseconds limit;
    constexpr void apply(settings& s) const { s.time_limit = limit; }
};
struct retry_modifier {
    std::uint32_t times;
    std::chrono::milliseconds delay;
    constexpr void apply(settings& s) const {
        s.attempts = times + 1;
        s.retry_delay = delay;
    }
};
struct cpus_modifier {
    std::uint32_t count;
    constexpr void apply(settings& s) const { s.cpus = count; }
};
struct memory_modifier {
    std::uint64_t bytes;
    constexpr void apply(settings& s) const { s.memory = bytes; }
};

/// A modifier that sets quantities.
template <class T>
concept quantity = requires(const T& modifier, settings& s) {
    modifier.apply(s);
};

// Not constexpr: a constant evaluation that reaches one is an error with its name, which gives the reason.
inline void weft_timeout_must_be_positive() {}
inline void weft_retry_must_be_at_least_one() {}
inline void weft_retry_delay_must_not_be_negative() {}
inline void weft_cpus_must_be_at_least_one() {}
inline void weft_memory_must_be_positive() {}
inline void weft_secret_must_name_a_variable() {}
inline void weft_env_takes_no_placeholder_and_four_braces_for_two() {}

}  // namespace dsl

/// Runs the task on that host instead of on this machine.
template <text::fixed_string Host>
inline constexpr dsl::on_modifier<Host> on{};

/// Starts the task after those, without taking files of them.
template <text::fixed_string... Tasks>
inline constexpr dsl::after_modifier<Tasks...> after{};

/// Declares the outputs of the task: paths in its directory, or globs with at least one match. They are
/// checked after the task has run. A reference to any other path of the task does not compile.
template <text::fixed_string... Paths>
inline constexpr dsl::outputs_modifier<Paths...> outputs{};

/// Files of the controlling machine (paths or globs, relative to its working directory) that are copied into
/// the task's directory before it starts: to the same relative path or, for an absolute path, to its last
/// component.
template <text::fixed_string... Paths>
inline constexpr dsl::inputs_modifier<Paths...> inputs{};

/// Copies outputs of the finished task to `<results>/<task>/<path>` on the controlling machine.
template <text::fixed_string... Paths>
inline constexpr dsl::collect_modifier<Paths...> collect{};

namespace dsl {

struct secret_maker {
    /// From `variable` of this program's environment.
    consteval secret_source operator()(std::string_view variable) const {
        if (!text::is_identifier(variable)) weft_secret_must_name_a_variable();
        return {variable};
    }
};

template <text::fixed_string Name>
struct env_maker {
    /// `value` is a literal. For a value known at run time use `{{parameter}}` in the command; a literal
    /// `{{name}}` is written `{{{{name}}`.
    consteval env_modifier<Name> operator()(const char* value) const {
        if (text::find_placeholder(value, true).size != 0)
            weft_env_takes_no_placeholder_and_four_braces_for_two();
        return {{value, false}};
    }
    /// The value is read at run time from a variable of this program's environment: the one of the same name,
    /// or the one that `secret("OTHER")` names.
    consteval env_modifier<Name> operator()(secret_maker) const { return {{Name.view(), true}}; }
    consteval env_modifier<Name> operator()(secret_source from) const { return {{from.variable, true}}; }
};

}  // namespace dsl

/// Sets a variable in the task's environment: `env<"OMP_NUM_THREADS">("4")`, `env<"TOKEN">(secret)`.
template <text::fixed_string Name>
inline constexpr dsl::env_maker<Name> env{};

/// A value for `env` that is read from this program's own environment at run time. It reaches the task
/// through the task's environment only, and appears in no file, argument, log or report.
inline constexpr dsl::secret_maker secret{};

/// Never removes the task's scratch directory.
inline constexpr dsl::keep_modifier keep{};

/// Stages private copies for the task, which it may modify. Without this modifier its inputs are read-only
/// links, and a task that modifies an input fails.
inline constexpr dsl::writable_inputs_modifier writable_inputs{};

/// Limits the duration of an attempt. An attempt that takes longer gets TERM, then KILL after the grace
/// period, and has failed.
template <class Rep, class Period>
consteval dsl::timeout_modifier timeout(std::chrono::duration<Rep, Period> limit) {
    if (limit <= limit.zero()) dsl::weft_timeout_must_be_positive();
    return {std::chrono::ceil<std::chrono::milliseconds>(limit)};
}

/// Retries a failed task up to `times` times, after `delay`, which doubles each time and is shortened by up
/// to half at random.
template <class Rep = std::int64_t, class Period = std::ratio<1>>
consteval dsl::retry_modifier retry(int times,
                                    std::chrono::duration<Rep, Period> delay = std::chrono::seconds(1)) {
    if (times < 1) dsl::weft_retry_must_be_at_least_one();
    if (delay < delay.zero()) dsl::weft_retry_delay_must_not_be_negative();
    return {static_cast<std::uint32_t>(times), std::chrono::ceil<std::chrono::milliseconds>(delay)};
}

/// Occupies `count` slots of its place while it runs (default 1).
consteval dsl::cpus_modifier cpus(int count) {
    if (count < 1) dsl::weft_cpus_must_be_at_least_one();
    return {static_cast<std::uint32_t>(count)};
}

/// The memory of its place that the task needs, in bytes: `memory(4_GiB)`.
consteval dsl::memory_modifier memory(bytes size) {
    if (size == bytes()) dsl::weft_memory_must_be_positive();
    return {size.count};
}
consteval dsl::memory_modifier memory(std::uint64_t size) {
    return memory(bytes(size));
}

// `using namespace weft` includes `5s` and `30min`.
using namespace std::chrono_literals;

}  // namespace weft
