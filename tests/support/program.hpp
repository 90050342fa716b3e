// SPDX-License-Identifier: MIT
#pragma once

#include "support/captured.hpp"
#include "support/child.hpp"
#include "support/sshd.hpp"
#include "support/temporary_directory.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace support {

/// The output of a program and its exit code.
struct ended {
    int code = -1;
    std::string out;
    std::string err;
};

/// A built program that runs as a user runs it: in its own process, working directory and home.
class running_program {
public:
    running_program(const std::string& program, std::vector<std::string> options,
                    const std::filesystem::path& home, child::start how = {})
        : process_(prepared(program, std::move(options), home, std::move(how), out_, err_)) {}

    void signal(int which) const { process_.signal(which); }
    pid_t id() const { return process_.id(); }

    ended wait() {
        ended result;
        result.code = process_.wait();
        result.out = out_.text();
        result.err = err_.text();
        return result;
    }

private:
    static child::start prepared(const std::string& program, std::vector<std::string> options,
                                 const std::filesystem::path& home, child::start how, const captured& out,
                                 const captured& err) {
        how.arguments = std::move(options);
        how.arguments.insert(how.arguments.begin(), program);
        // Keeps out the configuration of the user who runs the tests.
        how.environment.insert(
            how.environment.begin(),
            {{"HOME", home.string()}, {"XDG_STATE_HOME", ""}, {"SSH_AUTH_SOCK", ""}, {"SSH_ASKPASS", ""}});
        if (how.directory.empty()) how.directory = home.string();
        if (how.output < 0) how.output = out.descriptor();
        how.error = err.descriptor();
        how.death = SIGTERM;  // which makes the program end its own tasks
        return how;
    }

    captured out_;
    captured err_;
    child process_;
};

/// The options that bind `edge` to a server.
inline std::vector<std::string> bound_to(const sshd& server) {
    return {"--host",        "edge=" + sshd::user() + "@127.0.0.1:" + std::to_string(server.port()),
            "--identity",    "edge=" + server.file("client_key"),
            "--known-hosts", server.file("known_hosts")};
}

}  // namespace support
