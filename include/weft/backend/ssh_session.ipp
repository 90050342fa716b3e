// SPDX-License-Identifier: MIT
#pragma once

#include <weft/backend/connection_trouble.hpp>
#include <weft/backend/interruption.hpp>
#include <weft/backend/ssh_handles.ipp>
#include <weft/backend/ssh_host_key.hpp>
#include <weft/backend/ssh_login.hpp>
#include <weft/backend/ssh_session.hpp>
#include <weft/run/backend.hpp>

#include <libssh/callbacks.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/auxv.h>
#include <sys/socket.h>

#include <algorithm>
#include <utility>
#include <vector>

namespace weft::backend {

WEFT_INLINE void ssh_session_delete::operator()(ssh_session_struct* session) const {
    ::ssh_disconnect(session);
    ::ssh_free(session);
}

namespace detail {

/// With instructions for AES this order is the fastest, see docs/ssh.md; without, libssh's own, ChaCha20
/// first.
inline constexpr const char* fastest_ciphers =
    "aes128-gcm@openssh.com,aes256-gcm@openssh.com,chacha20-poly1305@openssh.com,"
    "aes128-ctr,aes192-ctr,aes256-ctr";

WEFT_INLINE bool has_aes_instructions() {
#if defined(__x86_64__) || defined(__i386__)
    return __builtin_cpu_supports("aes") && __builtin_cpu_supports("pclmul");
#elif defined(__aarch64__)
    constexpr unsigned long aes = 1u << 3u;    // HWCAP_AES
    constexpr unsigned long pmull = 1u << 4u;  // HWCAP_PMULL
    return (::getauxval(AT_HWCAP) & (aes | pmull)) == (aes | pmull);
#else
    return false;
#endif
}

/// A session on its way to being open, and how its host is called in messages.
class ssh_opening {
public:
    ssh_opening(const std::string& name, const ssh_host& how, interruption& stop)
        : name_(name),
          how_(how),
          stop_(stop),
          session_(::ssh_new()),
          shown_("host " + name),
          address_(how.address.empty() ? name : how.address) {
        if (!session_) throw engine::place_error("out of memory");
        configure();
    }

    ssh_session_handle open() {
        connect();
        try {
            check_host_key(session(), shown_, known_hosts_files());
            log_in(session(), shown_, address_, how_.user, expand_home(how_.identity), stop_);
        } catch (const engine::place_error& error) {
            if (broke()) throw connection_broken(error.what());
            throw;
        }
        stop_.watch(-1);
        return std::move(session_);
    }

    /// Also when it is given up half way the socket is closed for good.
    ~ssh_opening() { stop_.watch(-1); }
    ssh_opening(const ssh_opening&) = delete;
    ssh_opening& operator=(const ssh_opening&) = delete;

private:
    template <class Error = engine::place_error>
    [[noreturn]] void fail(const std::string& what) const {
        throw Error(shown_ + ": " + what);
    }
    ssh_session session() const { return session_.get(); }

    void set(ssh_options_e option, const void* value, const std::string& what) const {
        if (::ssh_options_set(session(), option, value) != SSH_OK)
            fail("cannot use " + what + ": " + ::ssh_get_error(session()));
    }
    std::string get(ssh_options_e option) const {
        char* value = nullptr;
        if (::ssh_options_get(session(), option, &value) != SSH_OK) return {};
        return ssh_text(value).get();
    }

    void configure() {
        set(SSH_OPTIONS_HOST, address_.c_str(), "the address '" + address_ + "'");
        // What the user's configuration says of ciphers replaces this.
        if (has_aes_instructions())
            for (const ssh_options_e way : {SSH_OPTIONS_CIPHERS_C_S, SSH_OPTIONS_CIPHERS_S_C})
                set(way, fastest_ciphers, "the ciphers");
        // The user's configuration first, so that the binding has the last word.
        ::ssh_options_parse_config(session(), nullptr);
        const int yes = 1;
        set(SSH_OPTIONS_NODELAY, &yes, "TCP_NODELAY");
        set(SSH_OPTIONS_STRICTHOSTKEYCHECK, &yes, "strict host keys");  // whatever the configuration says
        const long milliseconds = std::max<long>(1, how_.connect_timeout.count());
        const long seconds = milliseconds / 1000;
        const long microseconds = milliseconds % 1000 * 1000;
        set(SSH_OPTIONS_TIMEOUT, &seconds, "the connect timeout");
        set(SSH_OPTIONS_TIMEOUT_USEC, &microseconds, "the connect timeout");
        if (!how_.user.empty()) set(SSH_OPTIONS_USER, how_.user.c_str(), "the user '" + how_.user + "'");
        if (how_.port != 0) {
            const unsigned port = how_.port;
            set(SSH_OPTIONS_PORT, &port, "the port");
        }
        if (!how_.known_hosts.empty()) {
            std::string escaped;
            for (const char c : expand_home(how_.known_hosts)) escaped.append(c == '%' ? 2u : 1u, c);
            set(SSH_OPTIONS_KNOWNHOSTS, escaped.c_str(), "the known_hosts file");
            set(SSH_OPTIONS_GLOBAL_KNOWNHOSTS, "/dev/null", "the known_hosts file");
        }
        unsigned port = 22;
        ::ssh_options_get_port(session(), &port);
        const std::string user = get(SSH_OPTIONS_USER);
        shown_ += " (" + (user.empty() ? "" : user + '@') + get(SSH_OPTIONS_HOST) + ':' +
                  std::to_string(port) + ')';
    }

    /// libssh says how far it is. From the first word on there is a socket, which `stop_` can shut down.
    void connect() {
        ssh_callbacks_struct progress{};
        ssh_callbacks_init(&progress);
        progress.userdata = this;
        progress.connect_status_function = [](void* self, float) {
            auto& opening = *static_cast<ssh_opening*>(self);
            if (!std::exchange(opening.watched_, true)) opening.stop_.watch(::ssh_get_fd(opening.session()));
        };
        ::ssh_set_callbacks(session(), &progress);
        const int result = ::ssh_connect(session());
        static ssh_callbacks_struct nothing = [] {
            ssh_callbacks_struct none{};
            ssh_callbacks_init(&none);
            return none;
        }();
        ::ssh_set_callbacks(session(), &nothing);
        if (result == SSH_OK) return;
        const std::string why = ::ssh_get_error(session());
        const auto says = [&why](const char* word) { return why.find(word) != why.npos; };
        if (says("resolve"))
            fail(how_.address.empty()
                     ? "its name cannot be resolved: bind the host to an address with --host " + name_ +
                           "=USER@ADDRESS:PORT, or give it an entry in ~/.ssh/config"
                     : "the name " + get(SSH_OPTIONS_HOST) + " cannot be resolved: check it");
        if (says("refused"))
            fail<connection_refused>("connection refused: is an SSH server running there, on that port?");
        if (says("imeout") || says("timed out"))
            fail<connection_refused>("no answer within " +
                                     std::to_string((how_.connect_timeout.count() + 999) / 1000) +
                                     " s: is the host up, and the port not blocked by a firewall?");
        if (says("unreachable") || says("No route"))
            fail<connection_refused>("the network does not reach it (" + why +
                                     "): check the address and your network");
        const std::string text = "cannot connect (" + why + "): check that an SSH server answers there";
        if (broke() && !says("kex error")) fail<connection_broken>(text);
        fail(text);
    }

    /// The connection is gone, and the host has not said why.
    bool broke() const {
        const char* const words = ::ssh_get_disconnect_message(session());
        return !::ssh_is_connected(session()) && (words == nullptr || *words == '\0');
    }

    std::vector<std::string> known_hosts_files() const {
        if (!how_.known_hosts.empty()) return {expand_home(how_.known_hosts)};
        const std::string own = get(SSH_OPTIONS_KNOWNHOSTS);
        const std::string all = get(SSH_OPTIONS_GLOBAL_KNOWNHOSTS);
        return {expand_home(own.empty() ? "~/.ssh/known_hosts" : own),
                all.empty() ? "/etc/ssh/ssh_known_hosts" : all};
    }

    const std::string& name_;
    const ssh_host& how_;
    interruption& stop_;
    bool watched_ = false;
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

WEFT_INLINE ssh_session_handle open_ssh_session(const std::string& name, const ssh_host& how,
                                                interruption& stop) {
    ssh_session_handle session = detail::ssh_opening(name, how, stop).open();
    detail::keep_alive(::ssh_get_fd(session.get()));
    return session;
}

}  // namespace weft::backend
