// SPDX-License-Identifier: MIT
// A hostile value in a command that weft accepts stays a value: a real shell does with it just what it does
// with a harmless word in its place. The command is put together from pieces of the shell's grammar.
#include <weft/run/command.ipp>
#include <weft/text/command.hpp>

#include "expect.hpp"
#include "shell.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

using fuzz::expect;
using namespace weft;

namespace {

constexpr std::array<std::string_view, 32> grammar = {
    "printf '[%s]' ",
    "{{v}}",
    "{{v}}",
    "{{v}}",
    "'",
    "\"",
    "\\",
    " ",
    "x",
    ";",
    "\n",
    "#",
    "\"$(",
    ")\"",
    "`",
    "${y-",
    "}",
    "$((1",
    "))",
    "<<E\n",
    "\nE\n",
    "<<'E'\n",
    "case x in x) ",
    ";; esac ",
    "(",
    ")",
    "$'",
    "y=",
    "; printf '%s' \"$y\" ",
    "|| ",
    "! ",
    "{ ",
};
// Whatever means something to a shell, but for what would reach a file.
constexpr std::string_view hostile = "'\"\\$`(){};|&#*?!~[] \n-=:,%x1";
constexpr std::string_view harmless = "Mx7";

plan::quoting quoting_of(const text::found_piece& piece) {
    switch (piece.context) {
        case text::shell_context::single_quoted:
            return plan::quoting::single_quoted;
        case text::shell_context::double_quoted:
            return plan::quoting::double_quoted;
        default:
            return piece.place == text::shell_place::operand ? plan::quoting::operand : plan::quoting::bare;
    }
}

/// The command with `value` for its placeholders; "" when weft refuses it.
std::string filled(const std::string& command, std::string_view value) {
    struct part {
        std::string_view text;
        text::found_piece piece;
    };
    std::vector<part> parts;
    text::command_reader reader(command, true);
    while (reader.next()) parts.push_back({reader.text().view(), reader.piece()});
    if (reader.error() != text::command_error::none) return {};
    std::string script;
    for (std::size_t at = 0; at < parts.size(); ++at) {
        script += parts[at].text;
        if (parts[at].piece.what != text::found_piece::kind::placeholder) continue;
        // A text there does not compile.
        if (text::is_evaluated(parts[at].piece.place)) return {};
        const std::string_view after = at + 1 < parts.size() ? parts[at + 1].text : std::string_view();
        script += engine::detail::quoted(script, value, after, quoting_of(parts[at].piece));
    }
    return script;
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
    for (std::size_t at = 0; (at = text.find(from, at)) != text.npos; at += to.size())
        text.replace(at, from.size(), to);
    return text;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 8) return 0;
    std::string value;
    for (std::size_t at = 1; at < 7; ++at) value += hostile[data[at] % hostile.size()];
    std::string command;
    for (std::size_t at = 7; at < std::min<std::size_t>(size, 40); ++at)
        command += grammar[data[at] % grammar.size()];
    if (command.find("{{v}}") == command.npos) return 0;
    // A substitution drops newlines at its end, whatever they are from.
    if (command.find("$(") != command.npos) value = replaced(value, "\n", "-");

    const std::string with_harmless = filled(command, harmless);
    if (with_harmless.empty()) return 0;
    const char* const shell = (data[0] & 1u) != 0 ? "/bin/bash" : "/bin/sh";
    const fuzz::shell_result plain = fuzz::run_shell(shell, with_harmless);
    if (plain.status != 0 || plain.output.find(harmless) == plain.output.npos) return 0;
    const std::string with_value = filled(command, value);
    const fuzz::shell_result result = fuzz::run_shell(shell, with_value);
    const std::string expected = replaced(plain.output, harmless, value);
    expect(result.output == expected, "the value stays a value",
           std::string(shell) + "\ncommand: " + command + "\nscript:  " + with_value +
               "\nprints:  " + result.output + "\nnot:     " + expected);
    return 0;
}
