// SPDX-License-Identifier: MIT
// How the shell treats a value, by the word that contains it.
#pragma once

#include <weft/text/command_words.hpp>

namespace weft::text {

constexpr shell_place command_words::place(std::uint32_t at, std::string_view following) const {
    if (now_.bracket > now_.start) return shell_place::bracket;
    if (follows_tilde(text_, now_.start, at)) return shell_place::tilde;
    switch (now_.role) {
        case word_role::command:
        case word_role::prefixed:
            return of_assignment(at, shell_place::words);
        case word_role::argument:
            return of_argument(at, following);
        case word_role::target:
        case word_role::subject:
            return shell_place::one_word;
        case word_role::loop_name:
        case word_role::function_name:
            return shell_place::name;
        case word_role::pattern:
            return shell_place::operand;
        case word_role::condition:
            return of_condition(following);
        case word_role::loop_words:
            return now_.computes ? shell_place::arithmetic : of_assignment(at, shell_place::values);
        case word_role::element:
            return of_assignment(at, shell_place::values);
        case word_role::loop_in:
        case word_role::subject_in:
            break;
    }
    return shell_place::words;
}

/// `name={{x}}` is one word everywhere: as an argument of `env` or `make` it means the same.
constexpr shell_place command_words::of_assignment(std::uint32_t at, shell_place otherwise) const {
    if (value_start(at) == 0) return otherwise;
    switch (variable_kind_of(assigned_name(text_, now_.start))) {
        case variable_kind::run:
            return shell_place::code;
        case variable_kind::computed:
            return shell_place::arithmetic;
        case variable_kind::plain:
            break;
    }
    return now_.role == word_role::loop_words ? shell_place::one_word : shell_place::assignment;
}

constexpr shell_place command_words::of_argument(std::uint32_t at, std::string_view following) const {
    using enum command_kind;
    switch (now_.kind) {
        case evaluates:
            return shell_place::code;
        case computes:
            return shell_place::arithmetic;
        case names:
            return shell_place::name;
        case declares:
        case exports: {
            if (now_.computes) return shell_place::code;
            const shell_place assigned = of_assignment(at, shell_place::name);
            return assigned == shell_place::assignment && now_.kind == declares ? shell_place::declaration
                                                                                : assigned;
        }
        case tests:
            if (previous() == "-v" || previous() == "-R") return shell_place::name;
            // It could be `-v`, unless an operator follows.
            if (begins_with(at) && !following.empty() && !contains("=!<>-])\\;&|\n#", following[0]))
                return shell_place::name;
            return shell_place::one_word;
        case prints:
            // It could be `-v`, or is the name after `-v`.
            return begins_with(at) || text_[now_.start] == '-' ? shell_place::name : shell_place::words;
        case shell_script:
            return shell_place::script;
        default:
            return of_assignment(at, shell_place::words);
    }
}

constexpr shell_place command_words::of_condition(std::string_view following) const {
    const std::string_view before = previous();
    if (before == "-v" || before == "-R") return shell_place::name;
    if (compares_numbers(before) || compares_numbers(following)) return shell_place::arithmetic;
    if (before == "=" || before == "==" || before == "!=" || before == "=~") return shell_place::pattern;
    return shell_place::operand;
}

}  // namespace weft::text
