// SPDX-License-Identifier: MIT
// Encodes arbitrary bytes in the journal. JSON holds only Unicode, but values, paths and host output need not
// be UTF-8: a text that is not UTF-8 is stored as an object with its bytes in hexadecimal. All lines pass
// through `line` and `object_in`, so no other code handles this.
#pragma once

#include <weft/config.hpp>
#include <weft/text/utf8.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace weft::journal::detail {

using json = nlohmann::ordered_json;

// No parameter can have these names.
inline constexpr const char* bytes_member = "bytes in hex";
inline constexpr const char* pairs_member = "names and values";

WEFT_INLINE std::string to_hex(std::string_view bytes) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    for (const char c : bytes) {
        text += digits[static_cast<unsigned char>(c) >> 4];
        text += digits[static_cast<unsigned char>(c) & 15];
    }
    return text;
}

WEFT_INLINE std::string from_hex(std::string_view digits) {
    const auto value = [](char c) {
        if (c >= '0' && c <= '9') return c - '0';
        if (c >= 'a' && c <= 'f') return c - 'a' + 10;
        throw std::runtime_error("its bytes are not hexadecimal digits");
    };
    if (digits.size() % 2 != 0) throw std::runtime_error("its bytes are not pairs of hexadecimal digits");
    std::string bytes;
    for (std::size_t at = 0; at < digits.size(); at += 2)
        bytes += static_cast<char>(value(digits[at]) * 16 + value(digits[at + 1]));
    return bytes;
}

WEFT_INLINE json spelled_text(const std::string& text) {
    if (text::is_utf8(text)) return text;
    json object = json::object();
    object[bytes_member] = to_hex(text);
    return object;
}

/// Encodes texts that are not UTF-8.
WEFT_INLINE void spell(json& value) {
    if (value.is_string()) {
        if (const auto& text = value.get_ref<const std::string&>(); !text::is_utf8(text))
            value = spelled_text(std::string(text));
        return;
    }
    if (!value.is_structured()) return;
    for (json& each : value) spell(each);
    if (!value.is_object()) return;
    const auto members = value.items();
    if (std::all_of(members.begin(), members.end(), [](const auto& one) { return text::is_utf8(one.key()); }))
        return;
    json pairs = json::array();
    for (const auto& [name, one] : value.items()) pairs.push_back(json::array({spelled_text(name), one}));
    value = json::object();
    value[pairs_member] = std::move(pairs);
}

/// The inverse of `spell`.
WEFT_INLINE void unspell(json& value, int depth = 0) {
    if (!value.is_structured()) return;
    if (depth > 16) throw std::runtime_error("it is nested too deeply");
    for (json& each : value) unspell(each, depth + 1);
    if (!value.is_object() || value.size() != 1) return;
    if (const auto bytes = value.find(bytes_member); bytes != value.end()) {
        value = from_hex(bytes->get<std::string>());
    } else if (const auto found = value.find(pairs_member); found != value.end()) {
        const json pairs = std::move(*found);
        value = json::object();
        for (const json& pair : pairs) value[pair.at(0).get<std::string>()] = pair.at(1);
    }
}

/// Writes and reads a line of the journal.
WEFT_INLINE std::string line(json object) {
    spell(object);
    return object.dump() + '\n';
}
WEFT_INLINE json object_in(std::string_view line) {
    json object = json::parse(line);
    unspell(object);
    return object;
}

}  // namespace weft::journal::detail
