// SPDX-License-Identifier: MIT
// Words of any bytes pass through a real shell unchanged, in each of the three ways of quoting, and the shell
// reads a file pattern as a pattern only.
#include <weft/text/shell_quote.hpp>
#include <weft/transfer/archive_script.ipp>

#include "expect.hpp"
#include "shell.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

using fuzz::expect;
using namespace weft;

namespace {

std::string shown(const std::string& text) {
    std::string hex;
    for (const char c : text) {
        char two[8];
        std::snprintf(two, sizeof two, "%02x ", static_cast<unsigned>(static_cast<unsigned char>(c)));
        hex += two;
    }
    return hex;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    // A shell's text cannot contain a zero byte: here it ends a word.
    std::vector<std::string> words(1);
    for (std::size_t at = 1; at < size; ++at) {
        if (data[at] == 0)
            words.emplace_back();
        else
            words.back() += static_cast<char>(data[at]);
    }
    std::string script = "p() { printf '%s\\0' \"$@\"; }\n";
    std::string expected;
    const auto add = [&](const std::string& written, const std::string& meant) {
        script += "p " + written + '\n';
        expected += meant + '\0';
    };
    for (const std::string& word : words) {
        add(text::quote(word), word);
        add("a" + text::quote(word) + "b", "a" + word + "b");
        add("'a " + text::quote_in_single(word) + " b'", "a " + word + " b");
        add("\"a " + text::quote_in_double(word) + " b\"", "a " + word + " b");
        // A path without wildcards and escapes names itself.
        if (word.find_first_of("*?[%") == word.npos) add("./" + transfer::glob_word(word), "./" + word);
    }
    const char* const shell = (data[0] & 1u) != 0 ? "/bin/bash" : "/bin/sh";
    const fuzz::shell_result result = fuzz::run_shell(shell, script);
    expect(result.status == 0, "the shell takes the script", script);
    expect(result.output == expected, "the output is the input",
           script + "\n" + shown(expected) + "\n" + shown(result.output));
    return 0;
}
