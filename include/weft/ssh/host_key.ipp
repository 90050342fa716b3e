// SPDX-License-Identifier: MIT
#pragma once

#include <weft/os/scratch_files.hpp>
#include <weft/ssh/handles.ipp>
#include <weft/ssh/host_key.hpp>
#include <weft/ssh/known_hosts.ipp>
#include <weft/text/base64.hpp>

#include <sys/mman.h>

#include <algorithm>
#include <exception>
#include <string_view>
#include <utility>

namespace weft::ssh {

namespace detail {

WEFT_INLINE std::string fingerprint(ssh_key key) {
    unsigned char* hash = nullptr;
    std::size_t size = 0;
    if (::ssh_get_publickey_hash(key, SSH_PUBLICKEY_HASH_SHA256, &hash, &size) != SSH_OK) return "unknown";
    const ssh_text text(::ssh_get_fingerprint_hash(SSH_PUBLICKEY_HASH_SHA256, hash, size));
    ::ssh_clean_pubkey_hash(&hash);
    return text ? text.get() : "unknown";
}

/// The public key in the SSH wire format, as in known_hosts and agents; "" when libssh fails.
WEFT_INLINE std::string encoded_key(ssh_key key) {
    char* encoded = nullptr;
    if (::ssh_pki_export_pubkey_base64(key, &encoded) != SSH_OK) return {};
    return text::from_base64(ssh_text(encoded).get()).value_or(std::string());
}

/// Whether a key is valid: complete, and its point on the curve.
WEFT_INLINE bool is_sound_key(std::string_view key) {
    const std::string type(type_within(key));
    ssh_key read = nullptr;
    if (::ssh_pki_import_pubkey_base64(text::to_base64(key).c_str(), ::ssh_key_type_from_name(type.c_str()),
                                       &read) != SSH_OK)
        return false;
    const ssh_key_handle owner(read);
    return encoded_key(read) == key;
}

}  // namespace detail

WEFT_INLINE known_host read_known_host(std::vector<std::string> files, const std::string& address,
                                       unsigned port, const std::string& alias) {
    constexpr unsigned usual_port = 22;
    known_host known;
    if (!alias.empty()) {
        known.names = {alias};
    } else {
        if (port != usual_port) known.names.push_back('[' + address + "]:" + std::to_string(port));
        known.names.push_back(address);
    }
    for (std::string& name : known.names) name = detail::in_lower_case(name);
    known.lines = read_known_hosts(files);
    std::erase_if(known.lines, [](const auto& line) { return !detail::is_sound_key(line.key); });
    known.files = std::move(files);
    return known;
}

WEFT_INLINE os::descriptor known_keys_file(const known_host& known) {
    std::string text;
    for (const known_hosts_line& line : known.lines)
        if (line.marked == known_hosts_line::marker::none && is_for_host(line.hosts, known.names.front()))
            text +=
                "* " + std::string(detail::type_within(line.key)) + ' ' + text::to_base64(line.key) + '\n';
    os::descriptor file(::memfd_create("weft-known-keys", MFD_CLOEXEC));
    try {
        if (file) os::write_all(file, text);
    } catch (const std::exception&) {
        file.reset();
    }
    return file;
}

WEFT_INLINE void check_host_key(ssh_session_struct* session, const std::string& host,
                                const known_host& known) {
    const auto fail = [&host](const std::string& problem) { throw failure(host + ": " + problem); };
    ssh_key shown = nullptr;
    if (::ssh_get_server_publickey(session, &shown) != SSH_OK)
        fail(std::string("it sent no host key: ") + ::ssh_get_error(session));
    const detail::ssh_key_handle owner(shown);
    const std::string key = detail::encoded_key(shown);
    if (key.empty()) fail("its host key cannot be read");
    const std::string print = detail::fingerprint(shown);
    const std::string entry =
        known.names.front() + ' ' + std::string(detail::type_within(key)) + ' ' + text::to_base64(key);

    const host_key_verdict verdict = look_up_host_key(known.lines, known.names, key);
    using kind = host_key_verdict::kind;
    if (verdict.is == kind::known) return;
    if (verdict.is == kind::revoked)
        fail("its host key " + print + " is revoked (" + verdict.line->shown() + "): do not connect to it");
    if (verdict.is == kind::changed)
        fail("its host key has CHANGED to " + print +
             ": someone may be intercepting the connection. Only if you know that the change is legitimate, "
             "replace " +
             verdict.line->shown() + " by: " + entry);

    // Host certificates are not supported, so an authority's line proves nothing.
    const std::string add = ", then add this line to " + known.files.front() + ": " + entry;
    for (const known_hosts_line& line : known.lines)
        if (line.marked == known_hosts_line::marker::authority &&
            std::any_of(known.names.begin(), known.names.end(),
                        [&](const std::string& name) { return is_for_host(line.hosts, name); }))
            fail("its host key " + print + " is known only by a certificate (" + line.shown() +
                 "), which weft cannot check: compare the key with the host's own" + add);
    fail("its host key " + print +
         " is not known: compare it with the host's own (run ssh-keygen -lf /etc/ssh/ssh_host_*_key.pub "
         "there)" +
         add);
}

}  // namespace weft::ssh
