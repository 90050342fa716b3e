// SPDX-License-Identifier: MIT
// Commands with a hostile word in their placeholders, run by real shells and compared with a plain word.
#pragma once

#include "support/placed_values.hpp"
#include "support/shell_driver.hpp"

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace support {

inline constexpr std::string_view plain_word = "MARK";
// None ends with a newline, which `$( )` would drop, contains a digit, or names a program.
inline constexpr std::string_view hostile_words[] = {"$(touch P)",
                                                     "`touch P`",
                                                     "';touch P;'",
                                                     "\";touch P;\"",
                                                     "x\ntouch P\n#",
                                                     "x\nE\ntouch P\n:",
                                                     "a,b",
                                                     "if",
                                                     "\\",
                                                     "'",
                                                     "\"",
                                                     "a b",
                                                     ")touch P;(",
                                                     "};touch P;{",
                                                     "",
                                                     "))$(touch P)",
                                                     "*",
                                                     "-n",
                                                     "a[$(touch P)]",
                                                     "' \"$(touch P)\" '",
                                                     "#",
                                                     "esac;touch P",
                                                     "${x:=$(touch P)}",
                                                     "~"};
/// A shell command with either word in its placeholders.
struct hostile_sample {
    std::string command, plain, hostile;
    std::string_view word;
};

/// None when a text in the command's placeholders does not compile.
inline std::optional<hostile_sample> sample_of(std::string command, std::string_view word) {
    auto plain = with_word(command, plain_word);
    if (!plain) return {};
    std::string hostile = with_word(command, word).value();
    return hostile_sample{std::move(command), std::move(*plain), std::move(hostile), word};
}

/// Removes digits, because some commands print process ids.
inline std::string without_digits(std::string said) {
    said.erase(std::remove_if(said.begin(), said.end(), [](char c) { return c >= '0' && c <= '9'; }),
               said.end());
    return said;
}

/// Runs the samples in an empty directory and describes those in which the hostile word has another effect
/// than the plain one. With `sound`, the shell must be able to parse all of them.
inline std::vector<std::string> run_samples(const std::string& shell, const std::filesystem::path& place,
                                            const std::vector<hostile_sample>& samples, bool sound) {
    const auto name = [](std::size_t at, char kind) { return "c" + std::to_string(at) + kind; };
    for (std::size_t at = 0; at < samples.size(); ++at) {
        write_file(place / name(at, 'p'), samples[at].plain);
        write_file(place / name(at, 'h'), samples[at].hostile);
    }
    run_driver({shell}, place,
               "for c in c*; do $0 ./$c >o$c 2>/dev/null; echo \"=$?\" >>o$c\n"
               "[ -e P ] && echo broken >>o$c; rm -f P; done\n"
               "for c in c*p; do $0 -n ./$c >n$c 2>&1 || echo \"=$?\" >>n$c; done\n");
    std::vector<std::string> different;
    for (std::size_t at = 0; at < samples.size(); ++at) {
        const hostile_sample& one = samples[at];
        const std::string expected =
            without_digits(replaced(read_file(place / ("o" + name(at, 'p'))), plain_word, one.word));
        const std::string said = without_digits(read_file(place / ("o" + name(at, 'h'))));
        const std::string complaint = sound ? read_file(place / ("n" + name(at, 'p'))) : std::string();
        if (said != expected)
            different.push_back(shell + ", the word [" + std::string(one.word) + "] in:\n" + one.command +
                                "\nwhich is:\n" + one.hostile + "\nprints:\n" + said + "\nnot:\n" + expected);
        if (!complaint.empty())
            different.push_back(shell + " cannot read:\n" + one.plain + "\nand says:\n" + complaint);
    }
    return different;
}

}  // namespace support
