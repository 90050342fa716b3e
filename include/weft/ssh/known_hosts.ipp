// SPDX-License-Identifier: MIT
#pragma once

#include <weft/os/descriptor.hpp>
#include <weft/os/hmac_sha1.hpp>
#include <weft/ssh/known_hosts.hpp>
#include <weft/text/base64.hpp>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <optional>
#include <utility>

namespace weft::ssh {

namespace detail {

inline constexpr std::string_view known_hosts_blank = " \t";

/// Removes the next field and the blanks after it from the front of a line.
WEFT_INLINE std::string_view take_field(std::string_view& line) {
    const std::string_view field = line.substr(0, line.find_first_of(known_hosts_blank));
    line.remove_prefix(field.size());
    line.remove_prefix(std::min(line.find_first_not_of(known_hosts_blank), line.size()));
    return field;
}

/// The type name at the start of an encoded key.
WEFT_INLINE std::string_view type_within(std::string_view key) {
    if (key.size() < 4) return {};
    std::size_t size = 0;
    for (const char c : key.substr(0, 4)) size = size << 8 | static_cast<unsigned char>(c);
    return size > key.size() - 4 ? std::string_view() : key.substr(4, size);
}

/// The key after the hosts of a line; none when it is damaged or its type differs from the line's.
WEFT_INLINE std::optional<known_hosts_line> key_of_line(std::string_view rest) {
    known_hosts_line found;
    found.type = take_field(rest);
    std::optional<std::string> key = text::from_base64(take_field(rest));
    if (found.type.empty() || !key) return std::nullopt;
    found.key = *std::move(key);
    const bool rsa = found.type == "rsa-sha2-256" || found.type == "rsa-sha2-512";
    if (type_within(found.key) != (rsa ? "ssh-rsa" : found.type)) return std::nullopt;
    return found;
}

WEFT_INLINE std::optional<known_hosts_line> read_known_hosts_line(std::string_view line) {
    using marker = known_hosts_line::marker;
    line = line.substr(0, line.find('\0'));
    line.remove_prefix(std::min(line.find_first_not_of(known_hosts_blank), line.size()));
    if (line.empty() || line.front() == '#') return std::nullopt;
    marker marked = marker::none;
    if (line.front() == '@') {
        const std::string_view word = take_field(line);
        if (word != "@revoked" && word != "@cert-authority") return std::nullopt;
        marked = word == "@revoked" ? marker::revoked : marker::authority;
        if (line.starts_with('@')) return std::nullopt;
    }
    const std::string_view hosts = take_field(line);
    std::optional<known_hosts_line> found = key_of_line(line);
    if (!found) return std::nullopt;
    found->marked = marked;
    found->hosts = hosts;
    return found;
}

/// Supports `*` and `?` only: brackets belong to `[host]:port`.
WEFT_INLINE bool matches_pattern(std::string_view name, std::string_view pattern) {
    std::size_t in_name = 0;
    std::size_t in_pattern = 0;
    std::size_t star = pattern.npos;  // the last `*`, and the position up to which it matches
    std::size_t after_star = 0;
    while (in_name < name.size()) {
        if (in_pattern < pattern.size() && pattern[in_pattern] == '*') {
            star = in_pattern++;
            after_star = in_name;
        } else if (in_pattern < pattern.size() &&
                   (pattern[in_pattern] == '?' || pattern[in_pattern] == name[in_name])) {
            ++in_pattern;
            ++in_name;
        } else if (star != pattern.npos) {
            in_pattern = star + 1;
            in_name = ++after_star;
        } else {
            return false;
        }
    }
    return pattern.find_first_not_of('*', in_pattern) == pattern.npos;
}

/// `|1|salt|hash`
WEFT_INLINE bool matches_hash(std::string_view hosts, const std::string& name) {
    constexpr std::string_view magic = "|1|";
    if (!hosts.starts_with(magic)) return false;
    const std::string_view salt = hosts.substr(magic.size(), hosts.find('|', magic.size()) - magic.size());
    const std::optional<std::string> key = text::from_base64(salt);
    constexpr std::size_t digest_size = 20;
    return key && key->size() == digest_size &&
           hosts ==
               std::string(magic) + text::to_base64(*key) + '|' + text::to_base64(os::hmac_sha1(*key, name));
}

WEFT_INLINE std::string in_lower_case(std::string_view text) {
    std::string lower(text);
    for (char& c : lower)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return lower;
}

/// The contents of a file; empty when it does not exist.
WEFT_INLINE std::string text_of_known_hosts(const std::string& file) {
    const auto fail = [&file](const std::string& why) {
        throw failure("the known_hosts file " + file + " cannot be read: " + why);
    };
    // O_NONBLOCK: opening a fifo without a writer must not block; it is rejected below.
    const os::descriptor opened(::open(file.c_str(), O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
    if (!opened && (errno == ENOENT || errno == ENOTDIR)) return {};
    struct stat about {};
    if (!opened || ::fstat(opened.get(), &about) != 0) fail(std::strerror(errno));
    // /dev/null (device 1, 3) is the usual way to configure no file.
    if (S_ISCHR(about.st_mode) && about.st_rdev == ::makedev(1, 3)) return {};
    if (!S_ISREG(about.st_mode))
        fail(S_ISDIR(about.st_mode) ? "it is a directory" : "it is not a regular file");
    std::string text;
    char some[16384];
    for (;;) {
        const ssize_t got = ::read(opened.get(), some, sizeof some);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) fail(std::strerror(errno));
        if (got == 0) return text;
        text.append(some, static_cast<std::size_t>(got));
    }
}

}  // namespace detail

WEFT_INLINE std::vector<known_hosts_line> known_hosts_lines(const std::string& file, std::string_view text) {
    std::vector<known_hosts_line> lines;
    std::size_t number = 0;
    while (!text.empty()) {
        const std::string_view line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(text.size(), line.size() + 1));
        ++number;
        std::optional<known_hosts_line> found = detail::read_known_hosts_line(line);
        if (!found) continue;
        found->file = file;
        found->number = number;
        lines.push_back(*std::move(found));
    }
    return lines;
}

WEFT_INLINE std::vector<known_hosts_line> read_known_hosts(const std::vector<std::string>& files) {
    std::vector<known_hosts_line> all;
    for (const std::string& file : files)
        for (known_hosts_line& line : known_hosts_lines(file, detail::text_of_known_hosts(file)))
            all.push_back(std::move(line));
    return all;
}

WEFT_INLINE bool is_for_host(std::string_view hosts, const std::string& name) {
    const std::string lower = detail::in_lower_case(name);
    if (hosts.starts_with('|')) return detail::matches_hash(hosts, lower);
    bool matches = false;
    constexpr std::size_t longest_pattern = 1022;  // OpenSSH rejects a line with a longer one
    while (!hosts.empty()) {
        const bool negated = hosts.front() == '!';
        if (negated) hosts.remove_prefix(1);
        const std::string_view pattern = hosts.substr(0, hosts.find(','));
        if (pattern.size() > longest_pattern) return false;
        hosts.remove_prefix(std::min(hosts.size(), pattern.size() + 1));
        if (!detail::matches_pattern(lower, detail::in_lower_case(pattern))) continue;
        if (negated) return false;
        matches = true;
    }
    return matches;
}

WEFT_INLINE host_key_verdict look_up_host_key(const std::vector<known_hosts_line>& lines,
                                              const std::vector<std::string>& names, std::string_view key) {
    using marker = known_hosts_line::marker;
    using kind = host_key_verdict::kind;
    for (const known_hosts_line& line : lines)
        if (line.marked == marker::revoked && line.key == key) return {kind::revoked, &line};
    host_key_verdict verdict;
    for (const std::string& name : names) {
        for (const known_hosts_line& line : lines) {
            if (line.marked != marker::none || !is_for_host(line.hosts, name)) continue;
            if (line.key == key) return {kind::known, &line};
            // Report a line of the same key type as the one to replace, if there is one.
            const bool alike = detail::type_within(line.key) == detail::type_within(key);
            if (verdict.line == nullptr ||
                (alike && detail::type_within(verdict.line->key) != detail::type_within(key)))
                verdict = {kind::changed, &line};
        }
        if (verdict.line != nullptr) break;
    }
    return verdict;
}

}  // namespace weft::ssh
