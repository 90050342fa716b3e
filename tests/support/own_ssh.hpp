// SPDX-License-Identifier: MIT
#pragma once

#include "support/agent.hpp"
#include "support/sshd.hpp"

#include <cstdlib>
#include <filesystem>
#include <string>

namespace support {

/// An `ssh` in the PATH that reads a test's configuration; both are in a server's directory.
struct own_ssh {
    const sshd& server;
    std::string bin = server.file("bin");
    std::string configuration = server.file("ssh_config");
    environment_variable path{"PATH", prepared()};

    explicit own_ssh(const sshd& of) : server(of) {}
    void configure(const std::string& text) const { server.write("ssh_config", text); }

private:
    std::string prepared() const {
        std::filesystem::create_directory(bin);
        server.write("bin/ssh", "#!/bin/sh\nexec /usr/bin/ssh -F '" + configuration + "' \"$@\"\n");
        std::filesystem::permissions(bin + "/ssh", std::filesystem::perms::owner_all);
        return bin + ':' + std::getenv("PATH");
    }
};

}  // namespace support
