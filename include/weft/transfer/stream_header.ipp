// SPDX-License-Identifier: MIT
#pragma once

#include <weft/transfer/stream_header.hpp>

#include <charconv>

namespace weft::transfer {

namespace detail {

WEFT_INLINE std::string escape_up_to(std::string_view text, char last) {
    constexpr std::string_view digits = "01234567";
    std::string escaped;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c > last && byte < 127 && c != '\\') {
            escaped += c;
        } else {
            escaped += "\\0";
            for (const int shift : {6, 3, 0}) escaped += digits[(byte >> shift) & 7u];
        }
    }
    return escaped;
}

/// The inverse of `escape_word`; none for other input.
WEFT_INLINE std::optional<std::string> unescape_word(std::string_view word) {
    std::string text;
    while (!word.empty()) {
        if (word[0] != '\\') {
            text += word[0];
            word.remove_prefix(1);
            continue;
        }
        unsigned byte = 0;
        if (word.size() < 5 || word[1] != '0') return {};
        const auto [end, error] = std::from_chars(word.data() + 2, word.data() + 5, byte, 8);
        if (error != std::errc{} || end != word.data() + 5 || byte == 0 || byte > 255) return {};
        text += static_cast<char>(byte);
        word.remove_prefix(5);
    }
    return text;
}

template <class Number>
bool take_number(std::string_view& line, Number& number, int base) {
    const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), number, base);
    const auto length = static_cast<std::size_t>(end - line.data());
    if (error != std::errc{} || length == line.size() || *end != ' ') return false;
    line.remove_prefix(length + 1);
    return true;
}

}  // namespace detail

WEFT_INLINE std::string escape_line(std::string_view text) {
    return detail::escape_up_to(text, '\x1f');
}

WEFT_INLINE std::string escape_word(std::string_view text) {
    return detail::escape_up_to(text, ' ');
}

WEFT_INLINE bool stays_below(std::string_view path) {
    if (path.empty() || path.size() > 4096) return false;
    for (;;) {
        const std::string_view component = path.substr(0, path.find('/'));
        if (component.empty() || component == "." || component == "..") return false;
        if (component.size() == path.size()) return true;
        path.remove_prefix(component.size() + 1);
    }
}

WEFT_INLINE std::string text_of(const stream_header& header) {
    if (!header.file) return "tar";
    char mode[16];
    const auto mode_end = std::to_chars(mode, mode + sizeof mode, header.mode & 0777u, 8).ptr;
    return "file " + std::to_string(header.size) + ' ' + std::string(mode, mode_end) + ' ' +
           std::to_string(header.modified) + ' ' + std::to_string(header.fraction) + ' ' +
           std::to_string(header.offset) + ' ' + escape_word(header.path);
}

WEFT_INLINE std::optional<stream_header> parse_header(std::string_view line) {
    stream_header header;
    if (line == "tar") return header;
    constexpr std::string_view word = "file ";
    if (!line.starts_with(word)) return {};
    line.remove_prefix(word.size());
    header.file = true;
    if (!detail::take_number(line, header.size, 10) || !detail::take_number(line, header.mode, 8) ||
        !detail::take_number(line, header.modified, 10) || !detail::take_number(line, header.fraction, 10) ||
        header.fraction >= 1'000'000'000 || !detail::take_number(line, header.offset, 10) ||
        header.offset > header.size)
        return {};
    header.mode &= 0777u;
    auto path = detail::unescape_word(line);
    if (!path || !stays_below(*path)) return {};
    header.path = *std::move(path);
    return header;
}

}  // namespace weft::transfer
