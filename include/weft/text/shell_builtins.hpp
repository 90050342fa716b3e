// SPDX-License-Identifier: MIT
#pragma once

#include <weft/text/search.hpp>
#include <weft/text/slice.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace weft::text {

/// The kind of a word at the start of a command: a reserved word, or a command that does more with its
/// arguments than take them. The list is complete for bash 5.2: tests/text/test_builtins.cpp tries every
/// builtin of the installed shells.
enum class command_kind : std::uint8_t {
    plain,
    // reserved words
    precedes_command,  ///< `if`, `then`, `{`
    loop,              ///< `for`, `select`
    choice,            ///< `case`
    choice_end,        ///< `esac`
    function,
    condition,  ///< `[[`
    // commands
    prefix,       ///< runs the command that follows: `command`, `builtin`, `exec`
    evaluates,    ///< runs its arguments as code, now or later
    computes,     ///< `let`
    names,        ///< takes names of variables
    declares,     ///< `declare`, `typeset`, `local`: assigns, with attributes
    exports,      ///< `export`, `readonly`: assigns
    tests,        ///< `test`, `[`
    prints,       ///< `printf`
    shell,        ///< `sh`, which may have a `-c`
    shell_script  ///< `sh -c`: the next argument is its script
};

constexpr bool is_reserved(command_kind kind) {
    return kind > command_kind::plain && kind <= command_kind::condition;
}

namespace detail {

/// The last eight characters as a number, so that one comparison tells names apart.
constexpr std::uint64_t packed(std::string_view name) {
    std::uint64_t value = 0;
    for (const char c : name) value = value << 8 | static_cast<unsigned char>(c);
    return value;
}

}  // namespace detail

/// `word` is the word as written: `\eval` and `'eval'` name a builtin, but not a reserved word.
constexpr command_kind command_kind_of(std::string_view word) {
    using enum command_kind;
    const bool quoted = word[0] == '\\' || word[0] == '\'' || word[0] == '"';
    if (quoted) {
        word = word.substr(1, word[0] == '\\' ? nowhere : word.size() - 2);
        if (word.empty()) return plain;
    }
    const slice name = sliced(word);
    const auto is = [&](std::string_view other) { return name == sliced(other); };
    command_kind kind = plain;
    switch (word[0]) {
        case '!':
        case '{':
        case '}':
            if (word.size() == 1) kind = precedes_command;
            break;
        case '[':
            if (word == "[") kind = tests;
            if (word == "[[") kind = condition;
            break;
        case 'a':
            if (is("alias")) kind = evaluates;
            break;
        case 'b':
            if (is("builtin")) kind = prefix;
            if (is("bind")) kind = evaluates;
            break;
        case 'c':
            if (is("coproc")) kind = precedes_command;
            if (is("case")) kind = choice;
            if (is("command")) kind = prefix;
            if (is("complete") || is("compgen")) kind = evaluates;
            break;
        case 'd':
            if (is("do") || is("done")) kind = precedes_command;
            if (is("declare")) kind = declares;
            break;
        case 'e':
            if (is("else") || is("elif")) kind = precedes_command;
            if (is("esac")) kind = choice_end;
            if (is("exec")) kind = prefix;
            if (is("eval")) kind = evaluates;
            if (is("export")) kind = exports;
            break;
        case 'f':
            if (is("fi")) kind = precedes_command;
            if (is("for")) kind = loop;
            if (is("function")) kind = function;
            break;
        case 'g':
            if (is("getopts")) kind = names;
            break;
        case 'i':
            if (is("if")) kind = precedes_command;
            break;
        case 'l':
            if (is("let")) kind = computes;
            if (is("local")) kind = declares;
            break;
        case 'm':
            if (is("mapfile")) kind = evaluates;
            break;
        case 'p':
            if (is("printf")) kind = prints;
            break;
        case 'r':
            if (is("readarray")) kind = evaluates;
            if (is("read")) kind = names;
            if (is("readonly")) kind = exports;
            break;
        case 's':
            if (is("select")) kind = loop;
            break;
        case 't':
            if (is("then") || is("time")) kind = precedes_command;
            if (is("trap")) kind = evaluates;
            if (is("typeset")) kind = declares;
            if (is("test")) kind = tests;
            break;
        case 'u':
            if (is("until")) kind = precedes_command;
            if (is("unset")) kind = names;
            break;
        case 'w':
            if (is("while")) kind = precedes_command;
            break;
        default:
            break;
    }
    return quoted && is_reserved(kind) ? plain : kind;
}

/// Whether a word is the name or path of a shell.
constexpr bool is_shell(std::string_view word) {
    if (word.empty() || (word.back() != 'h' && word.back() != '\'' && word.back() != '"')) return false;
    std::uint64_t name = 0;
    for (const char c : word) {
        if (c == '\'' || c == '"' || c == '\\') continue;
        name = c == '/' ? 0 : name << 8 | static_cast<unsigned char>(c);
    }
    using detail::packed;
    switch (name) {
        case packed("sh"):
        case packed("bash"):
        case packed("dash"):
        case packed("ash"):
        case packed("ksh"):
        case packed("mksh"):
        case packed("zsh"):
        case packed("csh"):
        case packed("tcsh"):
        case packed("fish"):
            return true;
        default:
            return false;
    }
}

/// Variables whose value a shell evaluates: `computed` as an expression, `run` as text with substitutions.
enum class variable_kind : std::uint8_t { plain, computed, run };
constexpr variable_kind variable_kind_of(std::string_view name) {
    using detail::packed;
    if (name.size() < 3 || name.size() > 14 || name[0] < 'B' || name[0] > 'S') return variable_kind::plain;
    if (name == "PROMPT_COMMAND") return variable_kind::run;
    if (name.size() > 8) return variable_kind::plain;
    switch (packed(name)) {
        case packed("PS0"):
        case packed("PS1"):
        case packed("PS2"):
        case packed("PS4"):
        case packed("ENV"):
        case packed("BASH_ENV"):
            return variable_kind::run;
        case packed("RANDOM"):
        case packed("SRANDOM"):
        case packed("SECONDS"):
        case packed("HISTCMD"):
        case packed("LINENO"):
        case packed("OPTIND"):
            return variable_kind::computed;
        default:
            return variable_kind::plain;
    }
}

}  // namespace weft::text
