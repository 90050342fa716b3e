// SPDX-License-Identifier: MIT
// The effect of the end of a word on the role of the words that follow.
#pragma once

#include <weft/text/command_words.hpp>

namespace weft::text {

constexpr word_effect command_words::end_word(std::uint32_t at) {
    if (at == now_.start) return word_effect::none;
    const std::string_view word(text_ + now_.start, at - now_.start);
    word_effect effect = word_effect::none;
    switch (now_.role) {
        case word_role::command:
        case word_role::prefixed:
            effect = end_command(word, at);
            break;
        case word_role::argument:
            if (now_.kind != command_kind::plain)
                end_argument(word);
            else if (is_shell(word))
                now_.kind = command_kind::shell;
            break;
        case word_role::target:
            now_.role = now_.resumed;
            return effect;
        case word_role::loop_name:
            now_.role = word_role::loop_in;
            now_.computes = variable_kind_of(word) != variable_kind::plain;
            break;
        case word_role::loop_in:
            now_.role = word == "in" ? word_role::loop_words : word_role::command;
            break;
        case word_role::subject:
            now_.role = word_role::subject_in;
            break;
        case word_role::subject_in:
            now_.role = word_role::pattern;
            effect = word_effect::begins_choice;
            break;
        case word_role::pattern:
            if (word == "esac") effect = end_choice();
            break;
        case word_role::condition:
            if (word == "]]") end_compound();
            break;
        case word_role::function_name:
            now_.role = word_role::command;
            break;
        case word_role::loop_words:
        case word_role::element:
            return effect;
    }
    now_.previous = now_.start;
    now_.previous_size = at - now_.start;
    return effect;
}

constexpr word_effect command_words::end_command(std::string_view word, std::uint32_t at) {
    using enum command_kind;
    const bool reserves = now_.role == word_role::command;
    now_.role = word_role::prefixed;
    // An option of `command` or `time`.
    if (word[0] == '-' || value_start(at) != 0) return word_effect::none;
    now_.kind = command_kind_of(word);
    now_.computes = false;
    if (is_reserved(now_.kind) && !reserves) now_.kind = plain;
    switch (now_.kind) {
        case precedes_command:
            now_.role = word_role::command;
            break;
        case loop:
            now_.role = word_role::loop_name;
            break;
        case choice:
            now_.role = word_role::subject;
            break;
        case choice_end:
            return end_choice();
        case function:
            now_.role = word_role::function_name;
            break;
        case condition:
            now_.role = word_role::condition;
            break;
        case prefix:
            break;
        case plain:
            if (is_shell(word)) now_.kind = shell;
            now_.role = word_role::argument;
            break;
        default:
            now_.role = word_role::argument;
    }
    return word_effect::none;
}

constexpr void command_words::end_argument(std::string_view word) {
    using enum command_kind;
    const bool option = word[0] == '-' || word[0] == '+';
    switch (now_.kind) {
        case declares:
        case exports:
            if (!option) return;
            if (contains(word, 'a') || contains(word, 'A')) now_.computes = arrays_ = true;
            if (now_.kind == declares && (contains(word, 'i') || contains(word, 'n')))
                now_.computes = integers_ = true;
            return;
        case names:
            if (option && contains(word, 'a')) arrays_ = true;  // of `read`
            return;
        case prints:
            now_.kind = word == "-v" ? names : plain;
            return;
        case shell:
        case shell_script:
            if (option) {
                if (contains(word, 'c') && word[1] != '-') now_.kind = shell_script;
                return;
            }
            // `-o` and `-O` take a name; any other word is a script, followed by its arguments.
            if (previous().size() < 2 || !contains("-+", previous()[0]) || !contains("oO", previous().back()))
                now_.kind = plain;
            return;
        default:
            return;
    }
}

}  // namespace weft::text
