// SPDX-License-Identifier: MIT
// Any file as hosts.toml and any text as an address: the result is a binding or an error message.
#include <weft/cli/arguments.ipp>
#include <weft/cli/hosts_file.ipp>
#include <weft/cli/toml_guard.ipp>

#include "expect.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <string>

using fuzz::expect;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const int file = ::memfd_create("hosts.toml", 0);
    expect(::write(file, data, size) == static_cast<ssize_t>(size), "a file in memory takes it");
    try {
        for (const weft::host_binding& row :
             weft::cli::read_hosts_file("/proc/self/fd/" + std::to_string(file))) {
            expect(row.host.scratch.empty() || row.host.scratch.front() == '/', "a scratch base is absolute");
            expect(!row.host.address.starts_with('-'), "an address is no option", row.host.address);
            expect(!row.host.user.starts_with('-'), "a user is no option", row.host.user);
        }
    } catch (const weft::options_error& error) {
        expect(*error.what() != '\0', "a mistake has a message");
    }
    ::close(file);
    const std::string text(reinterpret_cast<const char*>(data), size);
    try {
        const weft::ssh_host how = weft::cli::parse_address(text);
        expect(!how.address.empty() && how.address.front() != '-', "an address is one", text);
        expect(!how.user.starts_with('-'), "a user is no option", text);
    } catch (const weft::options_error& error) {
        expect(*error.what() != '\0', "a mistake has a message");
    }
    return 0;
}
