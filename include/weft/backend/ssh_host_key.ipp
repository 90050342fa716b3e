// SPDX-License-Identifier: MIT
#pragma once

#include <weft/backend/ssh_handles.ipp>
#include <weft/backend/ssh_host_key.hpp>
#include <weft/run/backend.hpp>

#include <fstream>
#include <functional>
#include <iterator>
#include <sstream>
#include <string_view>

namespace weft::backend {

namespace detail {

/// A line of a known_hosts file, for messages.
struct known_hosts_place {
    std::string file;
    std::size_t line;
    std::string shown() const { return "line " + std::to_string(line) + " of " + file; }
};

/// The first line that `wanted` accepts; its file is "" when there is none.
WEFT_INLINE known_hosts_place find_line(const std::vector<std::string>& files,
                                        const std::function<bool(const std::string&)>& wanted) {
    for (const std::string& file : files) {
        std::ifstream lines(file);
        std::size_t number = 0;
        for (std::string line; std::getline(lines, line);) {
            ++number;
            if (wanted(line)) return {file, number};
        }
    }
    return {"", 0};
}

WEFT_INLINE std::string fingerprint(ssh_key key) {
    unsigned char* hash = nullptr;
    std::size_t size = 0;
    if (::ssh_get_publickey_hash(key, SSH_PUBLICKEY_HASH_SHA256, &hash, &size) != SSH_OK) return "unknown";
    const ssh_text text(::ssh_get_fingerprint_hash(SSH_PUBLICKEY_HASH_SHA256, hash, size));
    ::ssh_clean_pubkey_hash(&hash);
    return text ? text.get() : "unknown";
}

/// `[127.0.0.1]:2222 ssh-ed25519 AAAA...`: the line that known_hosts lacks.
WEFT_INLINE std::string known_hosts_entry(ssh_session session) {
    char* line = nullptr;
    if (::ssh_session_export_known_hosts_entry(session, &line) != SSH_OK) return {};
    std::string text = ssh_text(line).get();
    while (!text.empty() && text.back() == '\n') text.pop_back();
    return text;
}

/// The fields of a line; a marker (`@revoked`) is one.
WEFT_INLINE std::vector<std::string> fields_of(const std::string& line) {
    std::istringstream words(line);
    return {std::istream_iterator<std::string>(words), {}};
}

/// Whether a line has this marker and this key, if one is given. Hosts of a revoked key are not looked at: a
/// key that somebody has stolen is refused under every name.
WEFT_INLINE bool is_marked(const std::string& line, std::string_view marker, std::string_view key) {
    const std::vector<std::string> fields = fields_of(line);
    return fields.size() > 3 && fields[0] == marker && (key.empty() || fields[3] == key);
}

/// Whether a line is for this host (a pattern, or hashed) and holds a key of the same type, if one is given.
WEFT_INLINE bool is_for(const std::string& line, const std::string& host, ssh_key key) {
    ssh_knownhosts_entry* entry = nullptr;
    if (::ssh_known_hosts_parse_line(host.c_str(), line.c_str(), &entry) != SSH_OK) return false;
    const bool same_type = key == nullptr || ::ssh_key_type(entry->publickey) == ::ssh_key_type(key);
    ::ssh_knownhosts_entry_free(entry);
    return same_type;
}

}  // namespace detail

WEFT_INLINE void check_host_key(ssh_session_struct* session, const std::string& host,
                                const std::vector<std::string>& files) {
    const auto fail = [&host](const std::string& what) { throw engine::place_error(host + ": " + what); };
    ssh_key shown = nullptr;
    if (::ssh_get_server_publickey(session, &shown) != SSH_OK)
        fail(std::string("it shows no host key: ") + ::ssh_get_error(session));
    const detail::ssh_key_handle key(shown);
    const std::string print = detail::fingerprint(shown);
    const std::string entry = detail::known_hosts_entry(session);

    // libssh 0.10 skips lines marked @revoked.
    char* encoded = nullptr;
    if (::ssh_pki_export_pubkey_base64(shown, &encoded) == SSH_OK) {
        const detail::ssh_text base64(encoded);
        const auto revoked = detail::find_line(files, [&](const std::string& line) {
            return detail::is_marked(line, "@revoked", base64.get());
        });
        if (!revoked.file.empty())
            fail("its host key " + print + " is revoked (" + revoked.shown() + "): do not connect to it");
    }

    switch (::ssh_session_is_known_server(session)) {
        case SSH_KNOWN_HOSTS_OK:
            return;
        case SSH_KNOWN_HOSTS_CHANGED:
        case SSH_KNOWN_HOSTS_OTHER: {
            const std::string name = entry.substr(0, entry.find(' '));
            const auto old = detail::find_line(
                files, [&](const std::string& line) { return detail::is_for(line, name, shown); });
            const std::string where = old.file.empty() ? "the old line of " + files.front() : old.shown();
            fail("its host key has CHANGED, it is " + print +
                 " now: someone may be listening in. Only if you know that the change is right, replace " +
                 where + " by: " + entry);
            break;
        }
        case SSH_KNOWN_HOSTS_NOT_FOUND:
        case SSH_KNOWN_HOSTS_UNKNOWN: {
            // libssh checks no certificates of hosts, and weft takes nobody's word that it does not check.
            const std::string name = entry.substr(0, entry.find(' '));
            const auto authority = detail::find_line(files, [&](const std::string& line) {
                if (!detail::is_marked(line, "@cert-authority", {})) return false;
                return detail::is_for(line.substr(line.find("@cert-authority") + 15), name, nullptr);
            });
            if (!authority.file.empty())
                fail("its host key " + print + " is not known but by a certificate (" + authority.shown() +
                     "), which cannot be checked here: compare the key with the host's own, then add this "
                     "line to " +
                     files.front() + ": " + entry);
            fail("its host key " + print +
                 " is not known: compare it with the host's own (ssh-keygen -lf /etc/ssh/ssh_host_*_key.pub "
                 "there), then add this line to " +
                 files.front() + ": " + entry);
            break;
        }
        case SSH_KNOWN_HOSTS_ERROR:
            break;
    }
    fail(std::string("its host key cannot be checked: ") + ::ssh_get_error(session));
}

}  // namespace weft::backend
