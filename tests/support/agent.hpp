// SPDX-License-Identifier: MIT
#pragma once

#include <weft/os/process.hpp>

#include "support/eventually.hpp"

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>

namespace support {

/// Sets an environment variable during a test.
class environment_variable {
public:
    environment_variable(const char* name, const std::string& value) : name_(name) {
        if (const char* before = std::getenv(name)) before_ = before;
        if (value.empty())
            ::unsetenv(name);
        else
            ::setenv(name, value.c_str(), 1);
    }
    environment_variable(const environment_variable&) = delete;
    environment_variable& operator=(const environment_variable&) = delete;
    ~environment_variable() {
        if (before_)
            ::setenv(name_, before_->c_str(), 1);
        else
            ::unsetenv(name_);
    }

private:
    const char* name_;
    std::optional<std::string> before_;
};

/// A private instance of the real ssh-agent.
class agent {
public:
    explicit agent(const std::string& socket) : process_(start(socket)) {
        if (!eventually([&] { return std::filesystem::exists(socket); }))
            throw std::runtime_error("no agent");
    }
    agent(const agent&) = delete;
    agent& operator=(const agent&) = delete;
    ~agent() {
        ::kill(process_.id(), SIGKILL);
        process_.reap();
    }

private:
    static weft::os::process_start start(const std::string& socket) {
        weft::os::process_start how;
        how.arguments = {"ssh-agent", "-D", "-a", socket};
        how.environment = weft::os::environment_with({});
        return how;
    }
    weft::os::process process_;
};

}  // namespace support
