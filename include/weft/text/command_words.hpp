// SPDX-License-Identifier: MIT
#pragma once

#include <weft/text/assignment.hpp>
#include <weft/text/name.hpp>
#include <weft/text/shell_builtins.hpp>
#include <weft/text/shell_place.hpp>

#include <cstdint>
#include <string_view>

namespace weft::text {

/// The role of a word of a command for the shell.
enum class word_role : std::uint8_t {
    command,   ///< a reserved word, an assignment, or the name of a command
    prefixed,  ///< the same after an assignment or a redirection, where no word is reserved
    argument,
    target,         ///< of a redirection
    loop_name,      ///< after `for`
    loop_in,        ///< `in` or `do`
    loop_words,     ///< after `in`
    subject,        ///< after `case`
    subject_in,     ///< `in`
    pattern,        ///< of `case`, or within `@( )`
    condition,      ///< within `[[ ]]`
    element,        ///< of an array, within `a=( )`
    function_name,  ///< after `function`
};

/// The effect of the end of a word on the nesting of commands.
enum class word_effect : std::uint8_t { none, begins_choice, ends_choice };

/// The words of a command, as a scanner finds them: the role of each, and so how the shell treats a value in
/// it. A substitution contains commands of its own; the word that contains it continues after it.
class command_words {
public:
    /// The maximum depth of nesting.
    static constexpr std::uint32_t deepest = 32;

    explicit constexpr command_words(const char* text) : text_(text) {}

    constexpr word_role role() const { return now_.role; }
    constexpr std::uint32_t word_start() const { return now_.start; }

    /// Whether the word that ends at `at` is an ordinary argument of a command without special arguments.
    constexpr bool pass_argument(std::uint32_t at) const {
        return at == now_.start || (now_.role == word_role::argument && now_.kind == command_kind::plain &&
                                    text_[at - 1] != 'h' && text_[at - 1] != '\'' && text_[at - 1] != '"');
    }
    /// Whether such an argument begins at `at`. Most values are such arguments.
    constexpr bool begins_argument(std::uint32_t at) const {
        return at == now_.start && now_.role == word_role::argument && now_.kind == command_kind::plain;
    }
    /// The next word begins at `at`, or after blanks there.
    constexpr void begin_word(std::uint32_t at) { now_.start = at; }
    /// Ends the word before `at`, if there is one.
    constexpr word_effect end_word(std::uint32_t at);

    /// At an operator another command begins.
    constexpr void next_command() {
        now_.role = word_role::command;
        now_.kind = command_kind::plain;
        now_.previous_size = 0;
    }
    constexpr void next_pattern() { now_.role = word_role::pattern; }
    /// At an operator within `[[ ]]`.
    constexpr void next_operand() { now_.previous_size = 0; }
    /// After the end of a compound command only redirections and operators follow.
    constexpr void end_compound() {
        now_.role = word_role::argument;
        now_.kind = command_kind::plain;
    }
    constexpr void begin_target() {
        if (now_.role == word_role::target) return;
        now_.resumed = now_.role == word_role::command ? word_role::prefixed : now_.role;
        now_.role = word_role::target;
    }

    /// Words of a nested command, or of another role, follow until `close`. With `in_word` the outer word
    /// continues after them.
    constexpr void open(word_role role, bool in_word) {
        if (depth_ == deepest) return;  // the scanner reports the error
        saved_[depth_] = now_;
        saved_[depth_++].continues = in_word;
        const state outer = now_;
        now_ = {};
        now_.role = role;
        if (role != word_role::condition) return;
        now_.previous = outer.previous;  // `=~ (a|b)`
        now_.previous_size = outer.previous_size;
    }
    constexpr void close(std::uint32_t at) {
        if (depth_ == 0) return;
        now_ = saved_[--depth_];
        if (now_.continues) return;
        now_.start = at;
        if (now_.role == word_role::command || now_.role == word_role::prefixed) end_compound();
    }

    constexpr void open_bracket(std::uint32_t at) { now_.bracket = at + 1; }
    constexpr void close_bracket(std::uint32_t at) {
        now_.bracket = 0;
        now_.indexed = at + 1;
    }
    /// Whether a bracket at `at` begins the index of an assignment, in which blanks do not end the word.
    constexpr bool begins_index(std::uint32_t at) {
        const bool index = now_.role == word_role::element
                               ? at == now_.start
                               : names_command() && is_identifier({text_ + now_.start, at - now_.start});
        arrays_ = arrays_ || index;
        return index;
    }
    /// Whether a parenthesis at `at` begins the elements of an array.
    constexpr bool begins_array(std::uint32_t at) {
        const bool assigns =
            names_command() || (now_.role == word_role::argument && now_.kind >= command_kind::declares &&
                                now_.kind <= command_kind::exports);
        const bool array = assigns && at > now_.start && text_[at - 1] == '=' && value_start(at) == at;
        arrays_ = arrays_ || array;
        return array;
    }

    /// Whether `place` depends on the word that follows.
    constexpr bool looks_ahead() const {
        return now_.role == word_role::condition ||
               (now_.role == word_role::argument && now_.kind == command_kind::tests);
    }
    /// How the shell treats a value at `at`. `following` begins with the next word if `looks_ahead()`.
    constexpr shell_place place(std::uint32_t at, std::string_view following) const;

    /// Whether the command gives variables attributes with which values assigned in such a position are
    /// evaluated.
    constexpr bool evaluates(shell_place place) const {
        if (place == shell_place::declaration) return integers_ || arrays_;
        return integers_ && (place == shell_place::values || place == shell_place::assignment);
    }

private:
    struct state {
        word_role role = word_role::command;
        word_role resumed = word_role::command;  ///< after the target of a redirection
        command_kind kind = command_kind::plain;
        bool continues = false;      ///< a word continues after the nested command
        bool computes = false;       ///< the variable's value is an expression, by its name or by an option
        std::uint32_t start = 0;     ///< of the word, or of the blanks before it
        std::uint32_t bracket = 0;   ///< after the last that is open
        std::uint32_t indexed = 0;   ///< after the last that is closed
        std::uint32_t previous = 0;  ///< start of the previous word
        std::uint32_t previous_size = 0;
    };

    constexpr bool names_command() const {
        return now_.role == word_role::command || now_.role == word_role::prefixed;
    }
    constexpr std::string_view previous() const { return {text_ + now_.previous, now_.previous_size}; }
    constexpr std::uint32_t value_start(std::uint32_t at) const {
        return text::value_start(text_, now_.start, at, now_.indexed);
    }
    /// Whether the word begins at `at`, not counting quotes.
    constexpr bool begins_with(std::uint32_t at) const {
        while (at > now_.start && contains("'\"", text_[at - 1])) --at;
        return at == now_.start;
    }
    constexpr word_effect end_choice() {
        end_compound();
        return word_effect::ends_choice;
    }
    constexpr word_effect end_command(std::string_view word, std::uint32_t at);
    constexpr void end_argument(std::string_view word);
    constexpr shell_place of_assignment(std::uint32_t at, shell_place otherwise) const;
    constexpr shell_place of_argument(std::uint32_t at, std::string_view following) const;
    constexpr shell_place of_condition(std::string_view following) const;

    const char* text_;
    state now_{};
    std::uint32_t depth_ = 0;
    bool integers_ = false;  ///< the command has a `declare -i` or `-n`
    bool arrays_ = false;    ///< the command has an array
    state saved_[deepest]{};
};

}  // namespace weft::text

#include <weft/text/word_ends.hpp>
#include <weft/text/word_places.hpp>
