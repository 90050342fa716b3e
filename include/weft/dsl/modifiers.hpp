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

// Modifiers that name something change a task's type; all others its settings.
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
/// Of a variable of the environment: its text or, of a secret, the variable of this program that holds it.
struct variable_value {
    std::string_view text{};
    bool secret = false;
};
template <text::fixed_string Name>
struct env_modifier {
    variable_value value;
};
/// Where a secret comes from.
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

// Not constexpr, so that reaching one in a constant evaluation is an error that names it and says why.
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

/// Starts the task after those, though it takes no file of theirs.
template <text::fixed_string... Tasks>
inline constexpr dsl::after_modifier<Tasks...> after{};

/// What the task promises to leave in its directory: paths, or globs of which at least one file must be
/// there. Checked after it ran. Once given, a reference to anything else of the task does not compile.
template <text::fixed_string... Paths>
inline constexpr dsl::outputs_modifier<Paths...> outputs{};

/// Files of the controlling machine (paths or globs, relative to its working directory) that are copied into
/// the task's directory before it starts: under the same relative path, or, for an absolute one, under its
/// last component.
template <text::fixed_string... Paths>
inline constexpr dsl::inputs_modifier<Paths...> inputs{};

/// Brings outputs of the task home, to `<results>/<task>/<path>`, when it has finished.
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
    /// `value` is a literal; a value that is known at run time comes in by `{{parameter}}` in the command,
    /// and `{{name}}` that is meant as it stands is written `{{{{name}}`.
    consteval env_modifier<Name> operator()(const char* value) const {
        if (text::find_placeholder(value, true).size != 0)
            weft_env_takes_no_placeholder_and_four_braces_for_two();
        return {{value, false}};
    }
    /// The value is read when the program runs, from a variable of its environment: this one's namesake, or
    /// the one that `secret("OTHER")` names.
    consteval env_modifier<Name> operator()(secret_maker) const { return {{Name.view(), true}}; }
    consteval env_modifier<Name> operator()(secret_source from) const { return {{from.variable, true}}; }
};

}  // namespace dsl

/// Sets a variable in the task's environment: `env<"OMP_NUM_THREADS">("4")`, `env<"TOKEN">(secret)`.
template <text::fixed_string Name>
inline constexpr dsl::env_maker<Name> env{};

/// A value for `env` that comes from this program's own environment at run time, reaches the task through its
/// environment alone, and is in no file, argument, log or report.
inline constexpr dsl::secret_maker secret{};

/// Never removes the task's scratch directory.
inline constexpr dsl::keep_modifier keep{};

/// Gives the task copies of its own of all that is staged for it, which it may write to. Without this its
/// inputs are read-only links, and an input that was written to fails the task.
inline constexpr dsl::writable_inputs_modifier writable_inputs{};

/// Ends an attempt at the task that takes longer: TERM, then KILL after the grace. It has then failed.
template <class Rep, class Period>
consteval dsl::timeout_modifier timeout(std::chrono::duration<Rep, Period> limit) {
    if (limit <= limit.zero()) dsl::weft_timeout_must_be_positive();
    return {std::chrono::ceil<std::chrono::milliseconds>(limit)};
}

/// Tries a failed task up to `times` more times, after `delay`, which doubles each time, less up to half of
/// it at random.
template <class Rep = std::int64_t, class Period = std::ratio<1>>
consteval dsl::retry_modifier retry(int times,
                                    std::chrono::duration<Rep, Period> delay = std::chrono::seconds(1)) {
    if (times < 1) dsl::weft_retry_must_be_at_least_one();
    if (delay < delay.zero()) dsl::weft_retry_delay_must_not_be_negative();
    return {static_cast<std::uint32_t>(times), std::chrono::ceil<std::chrono::milliseconds>(delay)};
}

/// Occupies `count` of its place's slots while it runs (1 if not given).
consteval dsl::cpus_modifier cpus(int count) {
    if (count < 1) dsl::weft_cpus_must_be_at_least_one();
    return {static_cast<std::uint32_t>(count)};
}

/// What the task needs of its place's memory, in bytes: `memory(4_GiB)`.
consteval dsl::memory_modifier memory(bytes size) {
    if (size == bytes()) dsl::weft_memory_must_be_positive();
    return {size.count};
}
consteval dsl::memory_modifier memory(std::uint64_t size) {
    return memory(bytes(size));
}

// `using namespace weft` brings `5s` and `30min` with it.
using namespace std::chrono_literals;

}  // namespace weft
