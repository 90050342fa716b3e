// SPDX-License-Identifier: MIT
#pragma once

#include <weft/ssh/configuration.hpp>
#include <weft/ssh/failure.hpp>
#include <weft/ssh/handles.ipp>
#include <weft/ssh/host_key.hpp>
#include <weft/ssh/interruption.hpp>
#include <weft/ssh/login.hpp>
#include <weft/ssh/session.hpp>
#include <weft/ssh/tcp_connect.hpp>
#include <weft/text/address.hpp>

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/auxv.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstring>
#include <utility>
#include <vector>

namespace weft::ssh {

namespace detail {

/// Whether both descriptors refer to one socket; its identity is not reused while one of them is open.
WEFT_INLINE bool is_same_socket(int one, int other) {
    struct stat of_one {};
    struct stat of_other {};
    return ::fstat(one, &of_one) == 0 && ::fstat(other, &of_other) == 0 && of_one.st_dev == of_other.st_dev &&
           of_one.st_ino == of_other.st_ino;
}

}  // namespace detail

/// Some versions of libssh close the socket that they were given, some do not.
WEFT_INLINE void session_delete::operator()(ssh_session_struct* session) {
    ::ssh_disconnect(session);
    ::ssh_free(session);
    if (socket && detail::is_same_socket(given, socket.get())) ::close(given);
    socket.reset();
}

namespace detail {

/// The fastest order with AES instructions, see docs/notebook/2026-11-25-ciphers.md; without them, libssh's
/// own order applies, ChaCha20 first.
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

/// A session that is being opened, and the name of its host in messages.
class ssh_opening {
public:
    ssh_opening(const std::string& name, const ssh_host& host, interruption& stop)
        : name_(name),
          bound_(host),
          stop_(stop),
          session_(::ssh_new()),
          shown_("host " + name),
          address_(host.address.empty() ? name : host.address) {
        if (!session_) throw failure("out of memory");
        configure();
    }

    session_handle open() {
        connect();
        check_host_key(session(), shown_, known_);
        log_in(session(), shown_, bound_.user, expand_home(bound_.identity), configured_,
               bound_.connect_timeout, stop_);
        stop_.watch(-1);
        return std::move(session_);
    }

    /// An abandoned opening closes its socket too.
    ~ssh_opening() { stop_.watch(-1); }
    ssh_opening(const ssh_opening&) = delete;
    ssh_opening& operator=(const ssh_opening&) = delete;

private:
    template <failure::kind Kind = failure::kind::refused>
    [[noreturn]] void fail(const std::string& problem) const {
        throw failure(shown_ + ": " + problem, Kind);
    }
    ssh_session session() const { return session_.get(); }

    void set(ssh_options_e option, const void* value, const std::string& meaning) const {
        if (::ssh_options_set(session(), option, value) != SSH_OK)
            fail("cannot use " + meaning + ": " + ::ssh_get_error(session()));
    }
    std::string get(ssh_options_e option) const {
        char* value = nullptr;
        if (::ssh_options_get(session(), option, &value) != SSH_OK) return {};
        return ssh_text(value).get();
    }

    void configure() {
        try {
            configured_ = read_configuration(address_, bound_, stop_);
        } catch (const failure& error) {
            fail(error.what());
        }
        set(SSH_OPTIONS_HOST, address_.c_str(), "the address '" + address_ + "'");
        // Ciphers in the user's configuration replace this list.
        if (has_aes_instructions())
            for (const ssh_options_e way : {SSH_OPTIONS_CIPHERS_C_S, SSH_OPTIONS_CIPHERS_S_C})
                set(way, fastest_ciphers, "the ciphers");
        // Applied before the binding, which takes precedence.
        apply_configuration();
        const int yes = 1;
        set(SSH_OPTIONS_NODELAY, &yes, "TCP_NODELAY");
        const long milliseconds = std::max<long>(1, bound_.connect_timeout.count());
        const long seconds = milliseconds / 1000;
        const long microseconds = milliseconds % 1000 * 1000;
        set(SSH_OPTIONS_TIMEOUT, &seconds, "the connect timeout");
        set(SSH_OPTIONS_TIMEOUT_USEC, &microseconds, "the connect timeout");
        if (!bound_.user.empty())
            set(SSH_OPTIONS_USER, bound_.user.c_str(), "the user '" + bound_.user + "'");
        if (bound_.port != 0) {
            const unsigned port = bound_.port;
            set(SSH_OPTIONS_PORT, &port, "the port");
        }
        ::ssh_options_get_port(session(), &port_);
        const std::string user = get(SSH_OPTIONS_USER);
        shown_ += " (" + (user.empty() ? "" : user + '@') + text::address(get(SSH_OPTIONS_HOST), port_) + ')';
        read_known_hosts_files();
    }

    /// libssh drops unknown algorithms from a list; a list that becomes empty is ignored.
    void apply_configuration() {
        const bool reads_files = false;
        set(SSH_OPTIONS_PROCESS_CONFIG, &reads_files, "its configuration");
        if (!configured_.asked) return;
        if (!configured_.host_name.empty())
            set(SSH_OPTIONS_HOST, configured_.host_name.c_str(),
                "the address '" + configured_.host_name + "'");
        if (!configured_.user.empty())
            set(SSH_OPTIONS_USER, configured_.user.c_str(), "the user '" + configured_.user + "'");
        if (configured_.port != 0) set(SSH_OPTIONS_PORT, &configured_.port, "the port");
        if (!configured_.proxy.empty())
            set(SSH_OPTIONS_PROXYCOMMAND, ending_proxy(configured_.proxy).c_str(), "the ProxyCommand");
        if (configured_.compression) set(SSH_OPTIONS_COMPRESSION, "yes", "compression");
        if (configured_.rekey_bytes != 0)
            set(SSH_OPTIONS_REKEY_DATA, &configured_.rekey_bytes, "the RekeyLimit");
        if (configured_.rekey_seconds != 0)
            set(SSH_OPTIONS_REKEY_TIME, &configured_.rekey_seconds, "the RekeyLimit");
        const std::pair<const char*, ssh_options_e> options[] = {
            {"ciphers", SSH_OPTIONS_CIPHERS_C_S},
            {"ciphers", SSH_OPTIONS_CIPHERS_S_C},
            {"macs", SSH_OPTIONS_HMAC_C_S},
            {"macs", SSH_OPTIONS_HMAC_S_C},
            {"kexalgorithms", SSH_OPTIONS_KEY_EXCHANGE},
            {"hostkeyalgorithms", SSH_OPTIONS_HOSTKEYS},
            {"pubkeyacceptedalgorithms", SSH_OPTIONS_PUBLICKEY_ACCEPTED_TYPES}};
        for (const auto& [word, option] : options)
            if (const auto list = configured_.algorithms.find(word); list != configured_.algorithms.end())
                ::ssh_options_set(session(), option, list->second.c_str());
    }

    /// libssh must not read the user's files: it would block on a fifo and stop at a line that it cannot
    /// parse.
    void read_known_hosts_files() {
        std::vector<std::string> files = configured_.known_hosts;
        if (!bound_.known_hosts.empty()) files = {expand_home(bound_.known_hosts)};
        try {
            known_ =
                read_known_host(std::move(files), get(SSH_OPTIONS_HOST), port_, configured_.host_key_alias);
        } catch (const failure& error) {
            fail(error.what());
        }
        known_keys_ = known_keys_file(known_);
        const std::string file =
            known_keys_ ? "/proc/self/fd/" + std::to_string(known_keys_.get()) : "/dev/null";
        set(SSH_OPTIONS_KNOWNHOSTS, file.c_str(), "the known_hosts file");
        set(SSH_OPTIONS_GLOBAL_KNOWNHOSTS, "/dev/null", "the known_hosts file");
    }

    void connect() {
        const std::string proxy = get(SSH_OPTIONS_PROXYCOMMAND);
        if (proxy.empty() || proxy == "none") connect_socket();
        ::ssh_set_blocking(session(), 0);
        const auto deadline = clock::now() + bound_.connect_timeout;
        int result = SSH_AGAIN;
        while ((result = ::ssh_connect(session())) == SSH_AGAIN) {
            // From now on there is a socket that `stop_` can shut down.
            if (!std::exchange(watched_, true)) stop_.watch(::ssh_get_fd(session()));
            if (!wait_for_host(session(), deadline)) fail_without_answer();
        }
        ::ssh_set_blocking(session(), 1);
        if (result == SSH_OK) return;
        const std::string why = ::ssh_get_error(session());
        const std::string text = "cannot connect (" + why + "): check that an SSH server answers there";
        if (!::ssh_is_connected(session()) && !host_ended(why) && !has_nothing_in_common(why))
            fail<failure::kind::broken>(text);
        fail(text);
    }

    /// Makes the connection without libssh, which has no error codes for it.
    void connect_socket() {
        tcp_target target;
        target.host = get(SSH_OPTIONS_HOST);
        target.port = port_;
        target.family = configured_.address_family;
        target.bind_address = configured_.bind_address;
        target.limit = bound_.connect_timeout;
        try {
            os::descriptor made = connect_tcp(target, stop_);
            session_delete& owner = session_.get_deleter();
            owner.socket.reset(::fcntl(made.get(), F_DUPFD_CLOEXEC, 3));
            if (!owner.socket) fail(std::string("cannot connect: ") + std::strerror(errno));
            owner.given = made.release();
            const socket_t socket = owner.given;
            set(SSH_OPTIONS_FD, &socket, "the connection");
        } catch (const connect_error& error) {
            fail_as(error, target.host);
        }
    }

    [[noreturn]] void fail_as(const connect_error& error, const std::string& host) const {
        const std::string why = error.what();
        using kind = connect_error::kind;
        switch (error.is) {
            case kind::unresolved:
                fail(bound_.address.empty()
                         ? "its name cannot be resolved (" + why +
                               "): bind the host to an address with --host " + name_ +
                               "=USER@ADDRESS:PORT, or give it an entry in ~/.ssh/config"
                         : "the name " + host + " cannot be resolved (" + why + "): check it");
            case kind::refused:
                fail<failure::kind::unreachable>(
                    "connection refused: is an SSH server running there, on that port?");
            case kind::no_answer:
                fail_without_answer();
            case kind::unreachable:
                fail<failure::kind::unreachable>("the network cannot reach it (" + why +
                                                 "): check the address and your network");
            case kind::interrupted:
            case kind::other:
                break;
        }
        fail("cannot connect (" + why + "): check that an SSH server answers there");
    }

    [[noreturn]] void fail_without_answer() const {
        fail<failure::kind::unreachable>("no answer within " +
                                         std::to_string((bound_.connect_timeout.count() + 999) / 1000) +
                                         " s: is the host up, and is the port not blocked by a firewall?");
    }

    using clock = std::chrono::steady_clock;

    const std::string& name_;
    const ssh_host& bound_;
    interruption& stop_;
    bool watched_ = false;
    os::descriptor known_keys_;  ///< declared before the session, which reads it
    session_handle session_;
    std::string shown_;
    std::string address_;
    unsigned port_ = 22;
    configuration configured_;
    known_host known_;
};

/// Detects a host that vanished silently after about half a minute.
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

WEFT_INLINE session_handle open_session(const std::string& name, const ssh_host& host, interruption& stop) {
    session_handle session = detail::ssh_opening(name, host, stop).open();
    detail::keep_alive(::ssh_get_fd(session.get()));
    return session;
}

}  // namespace weft::ssh
