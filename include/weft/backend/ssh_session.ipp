// SPDX-License-Identifier: MIT
#pragma once

#include <weft/backend/ask_passphrase.hpp>
#include <weft/backend/ssh_session.hpp>
#include <weft/run/backend.hpp>

#include <libssh/callbacks.h>
#include <libssh/libssh.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>

namespace weft::backend {

WEFT_INLINE void ssh_session_delete::operator()(ssh_session_struct* session) const {
    ::ssh_disconnect(session);
    ::ssh_free(session);
}

namespace detail {

struct ssh_string_delete {
    void operator()(char* text) const { ::ssh_string_free_char(text); }
};
struct ssh_key_delete {
    void operator()(ssh_key_struct* key) const { ::ssh_key_free(key); }
};
using ssh_text = std::unique_ptr<char, ssh_string_delete>;
using ssh_key_handle = std::unique_ptr<ssh_key_struct, ssh_key_delete>;

WEFT_INLINE std::string expand_home(const std::string& path) {
    const char* home = std::getenv("HOME");
    if (!path.starts_with("~/") || home == nullptr) return path;
    return home + path.substr(1);
}

/// A session on its way to being open, and how its host is called in messages.
class ssh_opening {
public:
    ssh_opening(const std::string& name, const ssh_host& how)
        : how_(how), session_(::ssh_new()), shown_("host " + name) {
        if (!session_) throw engine::place_error("out of memory");
        configure(how.address.empty() ? name : how.address);
    }

    ssh_session_handle open() {
        connect();
        check_host_key();
        authenticate();
        return std::move(session_);
    }

private:
    [[noreturn]] void fail(const std::string& what) const { throw engine::place_error(shown_ + ": " + what); }
    ssh_session session() const { return session_.get(); }
    std::string reason() const { return ::ssh_get_error(session()); }

    void set(ssh_options_e option, const void* value, const std::string& what) const {
        if (::ssh_options_set(session(), option, value) != SSH_OK)
            fail("cannot use " + what + ": " + reason());
    }
    std::string get(ssh_options_e option) const {
        char* value = nullptr;
        if (::ssh_options_get(session(), option, &value) != SSH_OK) return {};
        return ssh_text(value).get();
    }

    void configure(const std::string& address) {
        set(SSH_OPTIONS_HOST, address.c_str(), "the address '" + address + "'");
        // The user's configuration first, so that the binding has the last word.
        ::ssh_options_parse_config(session(), nullptr);
        const int yes = 1;
        set(SSH_OPTIONS_NODELAY, &yes, "TCP_NODELAY");
        const long seconds = std::max<long>(1, (how_.connect_timeout.count() + 999) / 1000);
        set(SSH_OPTIONS_TIMEOUT, &seconds, "the connect timeout");
        if (!how_.user.empty()) set(SSH_OPTIONS_USER, how_.user.c_str(), "the user '" + how_.user + "'");
        if (how_.port != 0) {
            const unsigned port = how_.port;
            set(SSH_OPTIONS_PORT, &port, "the port");
        }
        if (!how_.known_hosts.empty()) {
            set(SSH_OPTIONS_KNOWNHOSTS, expand_home(how_.known_hosts).c_str(), "the known_hosts file");
            set(SSH_OPTIONS_GLOBAL_KNOWNHOSTS, "/dev/null", "the known_hosts file");
        }
        unsigned port = 22;
        ::ssh_options_get_port(session(), &port);
        const std::string user = get(SSH_OPTIONS_USER);
        address_ = get(SSH_OPTIONS_HOST);
        shown_ += " (" + (user.empty() ? "" : user + '@') + address_ + ':' + std::to_string(port) + ')';
    }

    void connect() const {
        if (::ssh_connect(session()) == SSH_OK) return;
        std::string why = reason();
        if (why.find("resolve") != why.npos)
            fail(
                "its name cannot be resolved: check the address, or bind it with --host "
                "NAME=USER@ADDRESS:PORT");
        if (why.find("refused") != why.npos)
            fail("connection refused: is an SSH server running on that port?");
        if (why.find("imeout") != why.npos || why.find("timed out") != why.npos)
            fail("no answer within " + std::to_string(how_.connect_timeout.count() / 1000) +
                 " s: is the host up, and the port not blocked by a firewall?");
        fail("cannot connect: " + why);
    }

    ssh_key_handle host_key() const {
        ssh_key key = nullptr;
        if (::ssh_get_server_publickey(session(), &key) != SSH_OK) fail("it shows no host key: " + reason());
        return ssh_key_handle(key);
    }

    std::string fingerprint(const ssh_key_handle& key) const {
        unsigned char* hash = nullptr;
        std::size_t size = 0;
        if (::ssh_get_publickey_hash(key.get(), SSH_PUBLICKEY_HASH_SHA256, &hash, &size) != SSH_OK)
            return "unknown";
        const ssh_text text(::ssh_get_fingerprint_hash(SSH_PUBLICKEY_HASH_SHA256, hash, size));
        ::ssh_clean_pubkey_hash(&hash);
        return text ? text.get() : "unknown";
    }

    void check_host_key() const {
        const ssh_key_handle key = host_key();
        const std::string file = get_known_hosts();
        refuse_revoked(key, file);
        switch (::ssh_session_is_known_server(session())) {
            case SSH_KNOWN_HOSTS_OK:
                return;
            case SSH_KNOWN_HOSTS_CHANGED:
            case SSH_KNOWN_HOSTS_OTHER:
                fail("its host key has CHANGED (now " + fingerprint(key) +
                     "): someone may be listening in. If the change "
                     "is known to be right, remove the old line from " +
                     file + " (ssh-keygen -R) and add: " + entry());
            case SSH_KNOWN_HOSTS_NOT_FOUND:
            case SSH_KNOWN_HOSTS_UNKNOWN:
                fail("its host key is not known (" + fingerprint(key) +
                     "): compare the fingerprint with the host's, then "
                     "add this line to " +
                     file + ": " + entry());
            case SSH_KNOWN_HOSTS_ERROR:
                break;
        }
        fail("its host key cannot be checked: " + reason());
    }

    std::string get_known_hosts() const {
        if (!how_.known_hosts.empty()) return expand_home(how_.known_hosts);
        const std::string file = get(SSH_OPTIONS_KNOWNHOSTS);
        return file.empty() ? expand_home("~/.ssh/known_hosts") : expand_home(file);
    }

    std::string entry() const {
        char* line = nullptr;
        if (::ssh_session_export_known_hosts_entry(session(), &line) != SSH_OK) return "(none)";
        std::string text = ssh_text(line).get();
        while (!text.empty() && text.back() == '\n') text.pop_back();
        return text;
    }

    /// libssh 0.10 skips lines marked @revoked.
    void refuse_revoked(const ssh_key_handle& key, const std::string& file) const {
        char* encoded = nullptr;
        if (::ssh_pki_export_pubkey_base64(key.get(), &encoded) != SSH_OK) return;
        const ssh_text base64(encoded);
        std::ifstream lines(file);
        std::size_t number = 0;
        for (std::string line; std::getline(lines, line);) {
            ++number;
            if (line.starts_with("@revoked") && line.find(base64.get()) != line.npos)
                fail("its host key " + fingerprint(key) + " is marked as revoked in line " +
                     std::to_string(number) + " of " + file);
        }
    }

    void authenticate() {
        const int without = ::ssh_userauth_none(session(), nullptr);
        if (without == SSH_AUTH_SUCCESS) return;
        if (without == SSH_AUTH_ERROR) fail("authentication broke off: " + reason());
        if (!how_.identity.empty()) return use_identity(expand_home(how_.identity));
        if (::ssh_userauth_agent(session(), nullptr) == SSH_AUTH_SUCCESS) return;
        // The files of ~/.ssh/config, else the usual ones.
        passphrase_request request{shown_, ""};
        ssh_callbacks_struct callbacks{};
        ssh_callbacks_init(&callbacks);
        callbacks.userdata = &request;
        callbacks.auth_function = &answer_passphrase;
        ::ssh_set_callbacks(session(), &callbacks);
        const int result = ::ssh_userauth_publickey_auto(session(), nullptr, nullptr);
        ssh_callbacks_struct none{};
        ssh_callbacks_init(&none);
        ::ssh_set_callbacks(session(), &none);
        if (result == SSH_AUTH_SUCCESS) return;
        fail("it accepts none of the keys of the agent, ~/.ssh/config or ~/.ssh" + request.trouble +
             ": name one with --identity NAME=PATH, and check that the user exists there");
    }

    void use_identity(const std::string& path) {
        if (::access(path.c_str(), R_OK) != 0)
            fail("the key file " + path + " cannot be read: " + std::strerror(errno));
        passphrase_request request{shown_, path};
        ssh_key key = nullptr;
        // First without a passphrase: a key that needs one may be in the agent.
        int result = ::ssh_pki_import_privkey_file(path.c_str(), nullptr, &refuse_passphrase, nullptr, &key);
        if (result != SSH_OK) {
            if (::ssh_userauth_agent(session(), nullptr) == SSH_AUTH_SUCCESS) return;
            result = ::ssh_pki_import_privkey_file(path.c_str(), nullptr, &answer_passphrase, &request, &key);
        }
        const ssh_key_handle owner(key);
        if (result != SSH_OK)
            fail("the key file " + path + " cannot be used" +
                 (request.trouble.empty() ? ": is it a private key, and its passphrase right?"
                                          : request.trouble));
        if (::ssh_userauth_publickey(session(), nullptr, key) == SSH_AUTH_SUCCESS) return;
        fail("it does not accept the key " + path +
             ": add its public half to ~/.ssh/authorized_keys there, and check that the user exists");
    }

    const ssh_host& how_;
    ssh_session_handle session_;
    std::string shown_;
    std::string address_;
};

/// A host that vanishes without a word is noticed after about half a minute.
WEFT_INLINE void keep_alive(int socket) {
    const auto set = [socket](int level, int option, int value) {
        ::setsockopt(socket, level, option, &value, sizeof value);
    };
    set(SOL_SOCKET, SO_KEEPALIVE, 1);
    set(IPPROTO_TCP, TCP_KEEPIDLE, 15);
    set(IPPROTO_TCP, TCP_KEEPINTVL, 5);
    set(IPPROTO_TCP, TCP_KEEPCNT, 3);
    set(IPPROTO_TCP, TCP_USER_TIMEOUT, 30000);
}

}  // namespace detail

WEFT_INLINE ssh_session_handle open_ssh_session(const std::string& name, const ssh_host& how) {
    ssh_session_handle session = detail::ssh_opening(name, how).open();
    detail::keep_alive(::ssh_get_fd(session.get()));
    return session;
}

}  // namespace weft::backend
