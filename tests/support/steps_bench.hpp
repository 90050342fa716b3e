// SPDX-License-Identifier: MIT
#pragma once

#include "support/eventually.hpp"
#include "support/program.hpp"
#include "support/ssh_bench.hpp"

#include <catch2/catch.hpp>

#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

namespace support {

/// Runs of the program `steps`, or another one, each with its engine in a separate process.
struct steps_bench {
    support::sshd server;
    support::temporary_directory home;
    std::filesystem::path log = home.path() / "log";
    std::string state = (home.path() / "state").string();

    steps_bench() { std::filesystem::create_directory(log); }

    std::unique_ptr<running_program> begin(std::vector<std::string> given,
                                           const char* program = WEFT_PROGRAM_steps) const {
        const std::vector<std::string> options{
            "--scratch", (home.path() / "scratch").string(), "--log", log.string(), "--state", state};
        const std::vector<std::string> hosts = support::bound_to(server);
        given.insert(given.end(), options.begin(), options.end());
        given.insert(given.end(), hosts.begin(), hosts.end());
        return std::make_unique<running_program>(program, given, home.path());
    }
    /// Runs a command about past runs: everything that it needs is in the journal.
    support::ended tell(std::vector<std::string> given, const char* program = WEFT_PROGRAM_steps) const {
        given.insert(given.end(), {"--state", state});
        return running_program(program, given, home.path()).wait();
    }
    bool ran(const char* attempt) const { return std::filesystem::exists(log / attempt); }
    void go() const { std::ofstream(log / "go") << ""; }
    std::string result() const { return content(home.path() / "results/C/h"); }
    std::filesystem::path journal() const {
        for (const auto& run : std::filesystem::directory_iterator(std::filesystem::path(state) / "steps"))
            return run.path() / "journal.jsonl";
        return {};
    }
    std::string run() const { return journal().parent_path().filename().string(); }

    /// Kills the engine while B runs on its host.
    void cut_off() const {
        const auto engine = begin({});
        REQUIRE(eventually([&] { return ran("B.1"); }));
        engine->signal(SIGKILL);
        engine->wait();
    }
};

}  // namespace support
