// SPDX-License-Identifier: MIT
#pragma once

#include <weft/backend/ask_passphrase.hpp>
#include <weft/backend/interruption.hpp>
#include <weft/backend/ssh_handles.ipp>
#include <weft/backend/ssh_login.hpp>
#include <weft/os/descriptor.hpp>
#include <weft/os/process.hpp>
#include <weft/run/backend.hpp>

#include <fcntl.h>
#include <libssh/callbacks.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <sstream>

namespace weft::backend {

WEFT_INLINE std::string expand_home(const std::string& path) {
    const char* home = std::getenv("HOME");
    if (!path.starts_with("~/") || home == nullptr) return path;
    return home + path.substr(1);
}

namespace detail {

/// What a program prints; "" when it cannot be started or fails.
WEFT_INLINE std::string output_of(std::vector<std::string> arguments) {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) return {};
    const os::descriptor source(ends[0]);
    os::descriptor sink(ends[1]);
    try {
        os::process_start start;
        start.arguments = std::move(arguments);
        start.environment = os::environment_with({});
        start.output = sink.get();
        os::process program(start);
        sink.reset();
        std::string text;
        char buffer[4096];
        for (ssize_t got; (got = ::read(source.get(), buffer, sizeof buffer)) > 0;)
            text.append(buffer, static_cast<std::size_t>(got));
        const os::process_end end = program.reap();
        return end.signalled || end.code != 0 ? std::string() : text;
    } catch (const std::exception&) {
        return {};
    }
}

enum class key_use { accepted, refused, locked, unusable };

/// One login: the keys that are tried on one session.
class key_login {
public:
    key_login(ssh_session session, const std::string& host, const interruption& stop)
        : session_(session), request_{host, {}, {}, stop.descriptor()} {}

    bool use_agent() { return ::ssh_userauth_agent(session_, nullptr) == SSH_AUTH_SUCCESS; }

    /// With `ask` the passphrase of an encrypted key is asked for, if the host knows the key.
    key_use use_file(const std::string& path, bool ask) {
        request_.key = path;
        key_use result = sign_with(path, &refuse_passphrase);
        if (result != key_use::locked || !ask) return result;
        // The public half is in the .pub file or, unencrypted, in OpenSSH's format itself.
        ssh_key key = nullptr;
        if (::ssh_pki_import_pubkey_file((path + ".pub").c_str(), &key) == SSH_OK ||
            ::ssh_pki_import_pubkey_file(path.c_str(), &key) == SSH_OK) {
            const ssh_key_handle owner(key);
            if (::ssh_userauth_try_publickey(session_, nullptr, key) != SSH_AUTH_SUCCESS)
                return key_use::refused;
        }
        result = sign_with(path, &answer_passphrase);
        return result == key_use::locked ? key_use::unusable : result;
    }

    /// Why a passphrase could not be asked; "" when it could.
    const std::string& trouble() const { return request_.trouble; }

private:
    key_use sign_with(const std::string& path, ssh_auth_callback passphrase) {
        ssh_key key = nullptr;
        if (::ssh_pki_import_privkey_file(path.c_str(), nullptr, passphrase, &request_, &key) != SSH_OK)
            return key_use::locked;
        const ssh_key_handle owner(key);
        const int result = ::ssh_userauth_publickey(session_, nullptr, key);
        return result == SSH_AUTH_SUCCESS ? key_use::accepted : key_use::refused;
    }

    ssh_session session_;
    passphrase_request request_;
};

}  // namespace detail

WEFT_INLINE ssh_identities configured_identities(const std::string& address, const std::string& user) {
    ssh_identities found;
    std::vector<std::string> question{"ssh", "-G"};
    if (!user.empty()) question.insert(question.end(), {"-l", user});
    question.insert(question.end(), {"--", address});
    std::istringstream lines(detail::output_of(std::move(question)));
    for (std::string line; std::getline(lines, line);) {
        if (line == "identitiesonly yes") found.only = true;
        constexpr std::string_view word = "identityfile ";
        if (!line.starts_with(word)) continue;
        std::string path = line.substr(word.size());
        if (path.starts_with("%d/")) path = '~' + path.substr(2);
        found.files.push_back(expand_home(path));
    }
    if (found.files.empty())
        for (const char* usual : {"~/.ssh/id_ed25519", "~/.ssh/id_ecdsa", "~/.ssh/id_rsa"})
            found.files.push_back(expand_home(usual));
    return found;
}

WEFT_INLINE void log_in(ssh_session_struct* session, const std::string& host, const std::string& address,
                        const std::string& user, const std::string& identity, const interruption& stop) {
    using detail::key_use;
    const auto fail = [&host](const std::string& what) { throw engine::place_error(host + ": " + what); };
    const auto fail_without_keys = [&] {
        const auto methods = static_cast<unsigned>(::ssh_userauth_list(session, nullptr));
        if ((methods & SSH_AUTH_METHOD_PUBLICKEY) == 0)
            fail(
                "it lets nobody in by a key alone, and weft logs in with keys only: see PubkeyAuthentication "
                "and "
                "AuthenticationMethods there");
    };

    detail::key_login login(session, host, stop);
    if (!identity.empty()) {
        // At once, without asking first what the host would take: a round trip less.
        if (::access(identity.c_str(), R_OK) != 0)
            fail("the key file " + identity + " cannot be read: " + std::strerror(errno));
        key_use result = login.use_file(identity, false);
        if (result == key_use::locked) {
            if (login.use_agent()) return;
            result = login.use_file(identity, true);
        }
        if (result == key_use::accepted) return;
        if (!::ssh_is_connected(session))
            fail(std::string("it ends the connection before a login: ") + ::ssh_get_error(session));
        if (result == key_use::unusable)
            fail("the key file " + identity + " cannot be used" +
                 (login.trouble().empty() ? ": is it a private key, and its passphrase right?"
                                          : login.trouble()));
        fail_without_keys();
        fail("it does not accept the key " + identity + (user.empty() ? "" : " for the user '" + user + "'") +
             ": add the key's public half to ~/.ssh/authorized_keys there, and check that the user exists");
    }

    const int without = ::ssh_userauth_none(session, nullptr);
    if (without == SSH_AUTH_SUCCESS) return;
    if (without == SSH_AUTH_ERROR)
        fail(std::string("it ends the connection before a login: ") + ::ssh_get_error(session));
    fail_without_keys();
    const ssh_identities keys = configured_identities(address, user);
    if (!keys.only && login.use_agent()) return;
    std::string tried;
    for (const std::string& file : keys.files) {
        if (::access(file.c_str(), R_OK) != 0) continue;
        tried += (tried.empty() ? "" : ", ") + file;
        if (login.use_file(file, true) == key_use::accepted) return;
    }
    fail("it accepts none of the agent's keys" + (tried.empty() ? "" : " and none of " + tried) +
         login.trouble() + ": name a key with --identity, and check that the user" +
         (user.empty() ? "" : " '" + user + "'") + " exists there");
}

}  // namespace weft::backend
