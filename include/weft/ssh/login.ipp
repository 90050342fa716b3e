// SPDX-License-Identifier: MIT
#pragma once

#include <weft/ssh/agent.hpp>
#include <weft/ssh/ask_passphrase.hpp>
#include <weft/ssh/failure.hpp>
#include <weft/ssh/handles.ipp>
#include <weft/ssh/host_key.ipp>
#include <weft/ssh/interruption.hpp>
#include <weft/ssh/login.hpp>
#include <weft/text/base64.hpp>

#include <libssh/callbacks.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <fstream>
#include <utility>
#include <vector>

namespace weft::ssh {

namespace detail {

/// Why a key file cannot be read; "" when it can. libssh would block on a fifo.
WEFT_INLINE std::string unreadable(const std::string& file) {
    struct stat about {};
    if (::stat(file.c_str(), &about) != 0 || ::access(file.c_str(), R_OK) != 0) return std::strerror(errno);
    return S_ISREG(about.st_mode) ? "" : "it is not a regular file";
}

/// The public key of a key file in the SSH wire format; "" when there is none. For a private key it is read
/// from the .pub file or from OpenSSH's format, which contains it unencrypted.
WEFT_INLINE std::string public_key_of(const std::string& path) {
    for (const std::string& file : {path + ".pub", path}) {
        ssh_key key = nullptr;
        if (!unreadable(file).empty() || ::ssh_pki_import_pubkey_file(file.c_str(), &key) != SSH_OK) continue;
        const ssh_key_handle owner(key);
        return encoded_key(key);
    }
    return {};
}

/// Whether a file may contain a private key, encrypted or not: it has a PEM header.
WEFT_INLINE bool may_be_private(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    std::string text(16384, '\0');
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
    return text.find("-----BEGIN") != text.npos;
}

enum class key_use { accepted, refused, locked, unusable };

/// The state of one login: the keys tried on a session.
class key_login {
public:
    key_login(ssh_session session, const std::string& host, const std::string& agent,
              std::chrono::milliseconds limit, const interruption& stop)
        : session_(session),
          host_(host),
          limit_(limit),
          agent_(agent, stop),
          request_{host, {}, {}, stop.descriptor()} {}

    /// Tries a login without a key and returns libssh's result.
    int use_none() {
        return answer_to([this] { return ::ssh_userauth_none(session_, nullptr); });
    }

    /// Tries the agent's keys in the order of `first`, then, with `others`, its remaining keys.
    bool use_agent(const std::vector<std::string>& first, bool others) {
        std::vector<agent::identity> offered;
        const auto offer_if = [&](const auto& wanted) {
            for (const agent::identity& one : agent_.identities())
                if (wanted(one.key) && is_sound_key_of_agent(one.key)) offered.push_back(one);
        };
        const auto is_first = [&](const std::string& key) {
            return std::find(first.begin(), first.end(), key) != first.end();
        };
        for (const std::string& key : first)
            if (!key.empty()) offer_if([&](const std::string& one) { return one == key; });
        if (others) offer_if([&](const std::string& one) { return !is_first(one); });
        if (offered.empty()) return false;
        tried_ += offered.size();
        const int socket = agent_.serve(std::move(offered));
        if (socket < 0) return false;
        if (::ssh_set_agent_socket(session_, socket) != SSH_OK) {
            ::close(socket);
            return false;
        }
        return check(answer_to([this] { return ::ssh_userauth_agent(session_, nullptr); })) ==
               key_use::accepted;
    }

    bool agent_has(const std::string& key) const {
        return std::any_of(agent_.identities().begin(), agent_.identities().end(),
                           [&](const auto& one) { return one.key == key; });
    }

    /// Tries a key file. With `ask`, asks for the passphrase of an encrypted key if the host accepts the key.
    key_use use_file(const std::string& path, bool ask) {
        request_.key = path;
        key_use result = sign_with(path, &refuse_passphrase);
        if (result != key_use::locked || !ask) return result;
        if (!may_be_private(path)) return key_use::unusable;
        ssh_key key = nullptr;
        if (unreadable(path + ".pub").empty()
                ? ::ssh_pki_import_pubkey_file((path + ".pub").c_str(), &key) == SSH_OK
                : ::ssh_pki_import_pubkey_file(path.c_str(), &key) == SSH_OK) {
            const ssh_key_handle owner(key);
            ++tried_;
            const auto ask_host = [&] { return ::ssh_userauth_try_publickey(session_, nullptr, key); };
            if (check(answer_to(ask_host)) != key_use::accepted) return key_use::refused;
        }
        result = sign_with(path, &answer_passphrase);
        return result == key_use::locked ? key_use::unusable : result;
    }

    /// The details to report when no key was accepted; "" for none.
    std::string trouble() const {
        return request_.trouble + (agent_.answers() ? "" : " (the ssh agent does not answer)");
    }

    [[noreturn]] void fail(const std::string& problem) const { throw failure(host_ + ": " + problem); }

    /// Reports that the connection ended during the login.
    [[noreturn]] void fail_as_ended() const {
        const std::string why = ::ssh_get_error(session_);  // includes the host's own message
        if (!host_ended(why))
            throw failure(host_ + ": the connection broke during the login: " + why, failure::kind::broken);
        if (tried_ == 0) fail("it closed the connection before the login: " + why);
        fail("it ended the login (" + why + "): weft had " + std::to_string(tried_) +
             (tried_ == 1 ? " key" : " keys") +
             " to try, and the host limits authentication failures (MaxAuthTries there); name the right key "
             "with --identity, or with IdentityFile in ~/.ssh/config");
    }

    void fail_without_keys() const {
        const auto methods = static_cast<unsigned>(::ssh_userauth_list(session_, nullptr));
        if ((methods & SSH_AUTH_METHOD_PUBLICKEY) == 0)
            fail(
                "it accepts no login by a key alone, and weft logs in with keys only: see "
                "PubkeyAuthentication and AuthenticationMethods there");
    }

private:
    /// libssh stops iterating over an agent's keys at the first that it cannot parse.
    static bool is_sound_key_of_agent(const std::string& key) {
        ssh_key read = nullptr;
        const std::string type(type_within(key));
        if (::ssh_pki_import_pubkey_base64(text::to_base64(key).c_str(),
                                           ::ssh_key_type_from_name(type.c_str()), &read) != SSH_OK)
            return false;
        ::ssh_key_free(read);
        return true;
    }

    /// Repeats a call to libssh until the host has answered. Non-blocking, because libssh 0.10 waits for its
    /// whole timeout on a socket that it has closed itself after the host ended the login.
    template <class Call>
    int answer_to(const Call& call) const {
        using clock = std::chrono::steady_clock;
        ::ssh_set_blocking(session_, 0);
        auto deadline = clock::now() + limit_;
        int result = SSH_AUTH_AGAIN;
        for (;;) {
            const auto begun = clock::now();
            result = call();
            const auto now = clock::now();
            // Time in which an agent may have asked its user does not count.
            if (now - begun > std::chrono::seconds(1)) deadline += now - begun;
            if (result != SSH_AUTH_AGAIN) break;
            if (!::ssh_is_connected(session_)) fail_as_ended();
            if (now >= deadline)
                throw failure(host_ + ": no answer to the login within " +
                                  std::to_string((limit_.count() + 999) / 1000) +
                                  " s: the host's user database may hang",
                              failure::kind::broken);
            wait_for_host(session_, deadline);
        }
        ::ssh_set_blocking(session_, 1);
        return result;
    }

    key_use check(int result) const {
        if (result == SSH_AUTH_SUCCESS) return key_use::accepted;
        if (!::ssh_is_connected(session_)) fail_as_ended();
        return key_use::refused;
    }

    key_use sign_with(const std::string& path, ssh_auth_callback passphrase) {
        ssh_key key = nullptr;
        if (::ssh_pki_import_privkey_file(path.c_str(), nullptr, passphrase, &request_, &key) != SSH_OK)
            return key_use::locked;
        const ssh_key_handle owner(key);
        ++tried_;
        return check(answer_to([&] { return ::ssh_userauth_publickey(session_, nullptr, key); }));
    }

    ssh_session session_;
    const std::string& host_;
    std::chrono::milliseconds limit_;
    agent agent_;
    passphrase_request request_;
    std::size_t tried_ = 0;  ///< keys that were offered or were to be
};

/// Logs in with exactly one key.
WEFT_INLINE void log_in_with(key_login& login, const std::string& user, const std::string& identity) {
    if (const std::string why = unreadable(identity); !why.empty())
        login.fail("the key file " + identity + " cannot be read: " + why);
    // Sign at once instead of asking whether the host accepts the key: saves a round trip.
    key_use result = login.use_file(identity, false);
    if (result == key_use::locked) {
        const std::string key = public_key_of(identity);
        if (!key.empty() && login.agent_has(key)) {
            if (login.use_agent({key}, false)) return;
            result = key_use::refused;
        } else {
            result = login.use_file(identity, true);
        }
    }
    if (result == key_use::accepted) return;
    if (result == key_use::unusable)
        login.fail("the key file " + identity + " cannot be used" +
                   (login.trouble().empty()
                        ? ": is it a private key, and was the passphrase right? For a public key, the agent "
                          "must hold the private one"
                        : login.trouble()));
    login.fail_without_keys();
    login.fail("it does not accept the key " + identity +
               (user.empty() ? "" : " for the user '" + user + "'") +
               ": add the key's public half to ~/.ssh/authorized_keys there, and check that the user exists");
}

}  // namespace detail

WEFT_INLINE void log_in(ssh_session_struct* session, const std::string& host, const std::string& user,
                        const std::string& identity, const configuration& configured,
                        std::chrono::milliseconds limit, const interruption& stop) {
    detail::key_login login(session, host, configured.agent, limit, stop);
    if (!identity.empty()) {
        log_in_with(login, user, identity);
        return;
    }
    const int without = login.use_none();
    if (without == SSH_AUTH_SUCCESS) return;
    if (without == SSH_AUTH_ERROR) login.fail_as_ended();
    login.fail_without_keys();

    std::vector<std::string> in_files;
    for (const std::string& file : configured.identities) in_files.push_back(detail::public_key_of(file));
    if (login.use_agent(in_files, !configured.only_these)) return;
    std::string tried;
    for (std::size_t at = 0; at < in_files.size(); ++at) {
        const std::string& file = configured.identities[at];
        if (!detail::unreadable(file).empty() || login.agent_has(in_files[at])) continue;
        tried += (tried.empty() ? "" : ", ") + file;
        if (login.use_file(file, true) == detail::key_use::accepted) return;
    }
    login.fail("it accepts none of the agent's keys" + (tried.empty() ? "" : " and none of " + tried) +
               login.trouble() + ": name a key with --identity, and check that the user" +
               (user.empty() ? "" : " '" + user + "'") + " exists there");
}

}  // namespace weft::ssh
