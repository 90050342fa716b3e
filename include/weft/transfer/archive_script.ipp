// SPDX-License-Identifier: MIT
#pragma once

#include <weft/engine/backend.hpp>
#include <weft/text/glob.hpp>
#include <weft/text/shell_quote.hpp>
#include <weft/transfer/archive_script.hpp>
#include <weft/transfer/transfer_script.hpp>
#include <weft/transfer/tree_check_script.hpp>

#include <charconv>
#include <filesystem>
#include <utility>

namespace weft::transfer {

namespace detail {

/// A time for `touch -d @`: a decimal number, also before 1970.
WEFT_INLINE std::string time_for_touch(const stream_header& header) {
    if (header.fraction == 0) return std::to_string(header.modified);
    const bool before = header.modified < 0;
    const std::uint32_t fraction = before ? 1'000'000'000 - header.fraction : header.fraction;
    std::string digits = std::to_string(fraction);
    digits.insert(0, 9 - digits.size(), '0');
    return (before ? '-' + std::to_string(-(header.modified + 1)) : std::to_string(header.modified)) + '.' +
           digits;
}

}  // namespace detail

WEFT_INLINE const std::string& transfer_functions() {
    static const std::string all = std::string(detail::transfer_steps) + std::string(detail::tree_check);
    return all;
}

WEFT_INLINE std::string send_command(std::string_view marker, const std::string& directory,
                                     const std::vector<std::string>& paths, std::uint64_t offset, bool pax) {
    std::string command = "weft_send " + text::quote(marker) + ' ' + text::quote(directory) + ' ' +
                          text::quote(paths.size() == 1 ? escape_word(paths.front()) : "") + ' ' +
                          std::to_string(offset) + (pax ? " pax" : " ''");
    for (const std::string& path : paths) command += ' ' + text::quote("./" + path);
    return command;
}

WEFT_INLINE std::string receive_command(std::string_view marker, const std::string& directory,
                                        const stream_header& header) {
    const std::string parent = std::filesystem::path(directory).parent_path().string();
    std::string command = header.file ? "weft_receive_file " : "weft_receive_archive ";
    command += text::quote(marker) + ' ' + text::quote(directory) + ' ' + text::quote(parent);
    if (!header.file) return command;
    // The umask gives a new file its mode, which saves a chmod process, unless the file is executable or
    // read-only.
    const auto octal = [](unsigned mode) {
        char digits[16];
        return std::string(digits, std::to_chars(digits, digits + sizeof digits, mode, 8).ptr);
    };
    const bool plain = header.offset == 0 && (header.mode & 0311u) == 0200u;
    return command + ' ' + std::to_string(header.size) + ' ' + octal(plain ? 0777u & ~header.mode : 0077u) +
           ' ' + (plain ? "''" : octal(header.mode)) + ' ' + detail::time_for_touch(header) + ' ' +
           std::to_string(header.offset) + ' ' + text::quote(header.path);
}

WEFT_INLINE std::string send_script(const std::string& directory, const std::vector<std::string>& paths,
                                    bool pax) {
    return transfer_functions() + "weft_whole=1\n" + send_command("", directory, paths, 0, pax) + '\n';
}

WEFT_INLINE std::string receive_script(const std::string& directory) {
    return transfer_functions() + "weft_chunks() { cat; }\n" + receive_command("", directory, {}) + '\n';
}

WEFT_INLINE engine::digest verdict(std::string_view place, std::string_view stderr_text) {
    while (!stderr_text.empty() && stderr_text.back() == '\n') stderr_text.remove_suffix(1);
    const auto line = stderr_text.substr(stderr_text.rfind('\n') + 1);
    constexpr std::string_view success = "sha256 ";
    constexpr std::string_view failure = "error ";
    if (line.starts_with(success) && line.size() == success.size() + 64)
        return {std::string(line.substr(success.size()))};
    std::string text = place.empty() ? std::string() : std::string(place) + ": ";
    if (line.starts_with(failure))
        text += line.substr(failure.size());
    else
        text += line.empty()
                    ? "the shell of the transfer ended without a message: was it killed, or is memory "
                      "short (see dmesg)?"
                    : "the transfer failed: " + std::string(line);
    throw engine::place_error(text);
}

WEFT_INLINE std::string glob_word(std::string_view pattern) {
    std::string word;
    std::string plain;
    for (std::size_t at = 0; at < pattern.size();) {
        const std::size_t start = at;
        const text::pattern_character c = text::read_character(pattern, at);
        if (!c.escaped && text::wildcards[c.value]) {
            if (c.value == '[') {
                std::size_t after = start;
                text::matches_bracket(pattern.substr(0, text::component_end(pattern, start)), after, 'x');
                // An unclosed bracket is an ordinary character, which `*` matches too.
                if (after != pattern.npos) at = after;
            }
            if (!plain.empty()) word += text::quote(std::exchange(plain, {}));
            if (!word.ends_with('*')) word += '*';
        } else {
            plain += c.value;
        }
    }
    if (!plain.empty()) word += text::quote(plain);
    return word;
}

WEFT_INLINE bool is_same_in_shells(std::string_view pattern) {
    bool first = true;
    bool hidden = false;
    bool wild = false;
    for (std::size_t at = 0; at < pattern.size();) {
        const text::pattern_character c = text::read_character(pattern, at);
        if (c.is('?') || c.is('[')) return false;  // depend on the locale and the shell
        if (first) hidden = c.value == '.';
        wild = (wild && !first) || c.is('*');
        if (hidden && wild) return false;  // would match `.`, `..` and the engine's directory
        first = c.value == '/';
        if (first) wild = false;
    }
    return true;
}

}  // namespace weft::transfer
