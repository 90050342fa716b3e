// SPDX-License-Identifier: MIT
#pragma once

#include <weft/engine/options.hpp>
#include <weft/os/descriptor.hpp>

#include "support/child.hpp"
#include "support/eventually.hpp"
#include "support/loopback.hpp"
#include "support/temporary_directory.hpp"

#include <fcntl.h>
#include <pwd.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace support {

/// Runs a program to its end; throws when it fails.
inline void run_program(std::vector<std::string> arguments) {
    child::start how;
    how.arguments = std::move(arguments);
    if (child(how).wait() != 0) throw std::runtime_error(how.arguments[0] + " failed");
}

/// A private instance of the real sshd: configuration, host key and client key in a temporary directory, a
/// free high port on loopback, and its own home, so that the user's login files do not affect a test. Several
/// of them can act as several machines, at 127.0.0.<host>. The destructor ends it by its pid, with all its
/// connections; the kernel does so when the test is aborted.
class sshd {
public:
    /// `extra` is appended to sshd_config; `environment` is added to its shells beside HOME: "PATH=/bin".
    explicit sshd(const std::string& extra = {}, unsigned host = 1, const std::string& environment = {})
        : host_(host), port_(free_port(host)) {
        key("host_key");
        key("client_key");
        std::filesystem::copy_file(file("client_key.pub"), file("authorized_keys"));
        write("known_hosts", '[' + address() + "]:" + std::to_string(port_) + ' ' + public_key("host_key"));
        write("config",
              extra + "\nPort " + std::to_string(port_) + "\nListenAddress " + address() + "\nHostKey " +
                  file("host_key") + "\nPidFile none\nAuthorizedKeysFile " + file("authorized_keys") +
                  "\nStrictModes no\nUsePAM no\nPasswordAuthentication no\nKbdInteractiveAuthentication no\n"
                  "LogLevel VERBOSE\nSubsystem sftp internal-sftp\nSetEnv HOME=" +
                  directory_.path().string() + ' ' + environment + '\n');
        // As root, sshd needs its privilege separation directory.
        if (::geteuid() == 0) std::filesystem::create_directories("/run/sshd");
        start();
    }
    sshd(const sshd&) = delete;
    sshd& operator=(const sshd&) = delete;
    ~sshd() { stop(); }

    weft::ssh_host binding() const {
        weft::ssh_host how;
        how.address = address();
        how.user = user();
        how.port = port_;
        how.identity = file("client_key");
        how.known_hosts = file("known_hosts");
        return how;
    }

    /// The same through a proxy's port on this machine.
    weft::ssh_host binding_through(std::uint16_t port) const {
        weft::ssh_host how = binding();
        how.address = "127.0.0.1";
        how.port = port;
        how.known_hosts = file("known_hosts_" + std::to_string(port));
        std::ofstream(how.known_hosts) << "[127.0.0.1]:" << port << ' ' << public_key("host_key");
        return how;
    }

    std::string address() const { return "127.0.0." + std::to_string(host_); }
    std::uint16_t port() const { return port_; }
    pid_t id() const { return server_->id(); }
    std::string file(const std::string& name) const { return (directory_.path() / name).string(); }
    static std::string user() { return ::getpwuid(::geteuid())->pw_name; }

    /// Creates a key pair `name`, with a passphrase or without.
    void key(const std::string& name, const std::string& passphrase = {}) const {
        run_program(
            {"ssh-keygen", "-q", "-t", "ed25519", "-N", passphrase, "-C", "weft-test", "-f", file(name)});
    }
    std::string public_key(const std::string& name) const {
        std::ifstream in(file(name + ".pub"));
        std::string line;
        std::getline(in, line);
        return line + '\n';
    }
    void write(const std::string& name, const std::string& text) const { std::ofstream(file(name)) << text; }

    /// sshd's log, at LogLevel VERBOSE.
    std::string log() const {
        std::ostringstream text;
        text << std::ifstream(file("log")).rdbuf();
        return text.str();
    }

    /// The processes of the connections; they are not in the server's group.
    std::vector<pid_t> connections() const {
        std::vector<pid_t> found;
        for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
            std::ifstream in(entry.path() / "stat");
            std::string line;
            std::getline(in, line);
            const auto name_end = line.rfind(')');
            if (!server_ || name_end == line.npos) continue;
            char state = 0;
            pid_t parent = 0;
            std::istringstream(line.substr(name_end + 1)) >> state >> parent;
            if (parent == server_->id() && state != 'Z') found.push_back(std::stoi(line));
        }
        return found;
    }

    /// Kills the processes of all connections, as a crash or a reboot would.
    void cut() const {
        for (const pid_t connection : connections()) ::kill(connection, SIGKILL);
    }

    /// Stops listening until `go_on`.
    void pause() { stop(); }
    void go_on() { start(); }

    void stop() {
        if (!server_) return;
        // While it is stopped it cannot accept another connection during the cut.
        ::kill(server_->id(), SIGSTOP);
        cut();
        ::kill(-server_->id(), SIGKILL);
        server_->wait();
        server_.reset();
    }

private:
    void start() {
        child::start how;
        how.arguments = {"/usr/sbin/sshd", "-D", "-e", "-f", file("config")};
        const weft::os::descriptor log(
            ::open(file("log").c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
        how.error = log.get();
        server_ = std::make_unique<child>(how);
        // It is ready once it accepts a connection.
        if (!eventually([&] { return loopback(port_, 0, host_).connect(); }))
            throw std::runtime_error("sshd does not start");
    }

    temporary_directory directory_;
    unsigned host_;
    std::uint16_t port_;
    std::unique_ptr<child> server_;
};

}  // namespace support
