// SPDX-License-Identifier: MIT
// A hostile value in a command that weft accepts remains a value: in a real shell it has the same effect as a
// harmless word. The command is built from pieces of the shell's grammar.
#include <weft/engine/command.ipp>

#include "../support/placed_values.hpp"
#include "expect.hpp"
#include "shell.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

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
// All special characters of shells except those that could write a file.
constexpr std::string_view hostile = "'\"\\$`(){};|&#*?!~[] \n-=:,%x1";
constexpr std::string_view harmless = "Mx7";

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 8) return 0;
    std::string value;
    for (std::size_t at = 1; at < 7; ++at) value += hostile[data[at] % hostile.size()];
    std::string command;
    for (std::size_t at = 7; at < std::min<std::size_t>(size, 40); ++at)
        command += grammar[data[at] % grammar.size()];
    if (command.find("{{v}}") == command.npos) return 0;
    // A substitution removes all newlines at its end.
    if (command.find("$(") != command.npos) value = support::replaced(value, "\n", "-");

    const auto with_harmless = support::with_word(command, harmless);
    if (!with_harmless) return 0;
    const char* const shell = (data[0] & 1u) != 0 ? "/bin/bash" : "/bin/sh";
    const fuzz::shell_result plain = fuzz::run_shell(shell, *with_harmless);
    if (plain.status != 0 || plain.output.find(harmless) == plain.output.npos) return 0;
    const std::string with_value = support::with_word(command, value).value();
    const fuzz::shell_result result = fuzz::run_shell(shell, with_value);
    const std::string expected = support::replaced(plain.output, harmless, value);
    expect(result.output == expected, "the value stays a value",
           std::string(shell) + "\ncommand: " + command + "\nscript:  " + with_value +
               "\nprints:  " + result.output + "\nnot:     " + expected);
    return 0;
}
