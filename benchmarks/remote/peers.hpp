// SPDX-License-Identifier: MIT
#pragma once

#include "support/sshd.hpp"
#include "support/temporary_directory.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace bench {

[[noreturn]] inline void fail(const std::string& what) {
    std::fprintf(stderr, "%s\n", what.c_str());
    std::exit(1);
}

/// One sshd, and its use by peers: the OpenSSH client over a ControlMaster, GNU parallel, and commands that
/// are fed to one remote `sh`.
class peers {
public:
    peers() {
        support::child::start how;
        how.arguments = ssh({"-M", "-N"});
        master_ = std::make_unique<support::child>(how);
        const auto late = std::chrono::steady_clock::now() + std::chrono::seconds(20);
        while (!std::filesystem::exists(control())) {
            if (std::chrono::steady_clock::now() > late) fail("no ControlMaster");
            ::usleep(5000);
        }
    }

    weft::ssh_host binding() const {
        weft::ssh_host how = server_.binding();
        how.scratch = directory("host");
        return how;
    }
    std::string directory(const std::string& name) const { return (base_.path() / name).string(); }

    /// The command for task `i` of `count`: directories are created for 32 tasks at once, as weft does.
    static std::string true_with_files(const std::string& directory, int i, int count) {
        std::string command;
        if (i % 32 == 0) {
            command = "mkdir -p";
            for (int next = i; next < std::min(count, i + 32); ++next)
                command += ' ' + directory + '/' + std::to_string(next) + "/.weft";
            command += "; ";
        }
        return command + "cd " + directory + '/' + std::to_string(i) +
               "; for f in job taken command environment wrapper; do echo $f >.weft/$f; done; "
               "/bin/true >.weft/stdout 2>.weft/stderr; echo $? >.weft/exit; echo $?\n";
    }

    /// One command after another in one `sh`, each answered before the next; with a scratch directory and
    /// files for each, like a task of weft, under `directory` if it is not empty.
    void by_hand(int count, const std::string& directory = {}) const {
        int ends[2];
        if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) fail("no socket pair");
        const weft::os::descriptor here(ends[0]);
        weft::os::descriptor there(ends[1]);
        weft::os::process_start how;
        how.arguments = ssh({"-S", "none", server_.address(), "sh"});
        how.environment = weft::os::environment_with({});
        how.input = how.output = there.get();
        weft::os::process client(how);
        there.reset();
        for (int i = 0; i < count; ++i) {
            std::string command = "/bin/true; echo $?\n";
            if (!directory.empty()) command = true_with_files(directory, i, count);
            char answer[8];
            if (::write(here.get(), command.data(), command.size()) < 0 ||
                ::read(here.get(), answer, sizeof answer) < 2 || answer[0] != '0')
                fail("the command by hand failed");
        }
        ::shutdown(here.get(), SHUT_RDWR);
        client.reap();
    }

    /// One `ssh` per command, `at_once` of them at a time.
    void over_master(int count, int at_once) const {
        std::deque<std::unique_ptr<support::child>> running;
        for (int i = 0; i < count || !running.empty(); ++i) {
            if (i >= count || running.size() == static_cast<std::size_t>(at_once)) {
                if (running.front()->wait() != 0) fail("ssh failed");
                running.pop_front();
            }
            if (i >= count) continue;
            support::child::start how;
            how.arguments = ssh({server_.address(), "/bin/true"});
            running.push_back(std::make_unique<support::child>(how));
        }
    }

    void parallel(int count) const {
        std::string login;
        for (const std::string& word : ssh({})) login += word + ' ';
        std::vector<std::string> words{"parallel",      "-j2", "--sshlogin", login + server_.address(),
                                       "/bin/true #{}", ":::"};
        for (int i = 0; i < count; ++i) words.push_back(std::to_string(i));
        support::child::start how;
        how.arguments = std::move(words);
        how.environment = {{"PARALLEL_HOME", directory("parallel")}};
        how.error = 2;
        if (support::child(how).wait() != 0) fail("parallel failed");
    }

    /// The arguments of an `ssh` command to the server, without the address unless it is the master's.
    std::vector<std::string> ssh(std::vector<std::string> more) const {
        std::vector<std::string> words{"ssh",
                                       "-F",
                                       "none",
                                       "-p",
                                       std::to_string(server_.port()),
                                       "-i",
                                       server_.file("client_key"),
                                       "-o",
                                       "IdentitiesOnly=yes",
                                       "-o",
                                       "UserKnownHostsFile=" + server_.file("known_hosts"),
                                       "-o",
                                       "BatchMode=yes"};
        const bool apart = !more.empty() && more[0] == "-S";
        if (!apart) words.insert(words.end(), {"-S", control()});
        words.insert(words.end(), more.begin(), more.end());
        if (!more.empty() && more.back() == "-N") words.push_back(server_.address());
        return words;
    }

private:
    std::string control() const { return directory("master"); }

    support::sshd server_;
    support::temporary_directory base_;
    std::unique_ptr<support::child> master_;
};

}  // namespace bench
