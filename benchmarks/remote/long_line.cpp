// SPDX-License-Identifier: MIT
// long_line [MEBIBYTES]: moves a file to a host and back, over lines with round trips of 0, 10 and 50 ms,
// simulated by a proxy on loopback. Prints the MiB/s of the second of two transfers on one connection,
// including verification.
#include "support/delaying_proxy.hpp"
#include "support/sshd.hpp"
#include "support/temporary_directory.hpp"

#include "remote/places.hpp"

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <vector>

namespace {

void make_file(const std::filesystem::path& path, std::size_t mebibytes) {
    std::filesystem::create_directories(path.parent_path());
    std::mt19937_64 random(1);
    std::vector<std::uint64_t> words((1u << 20) / sizeof(std::uint64_t));
    std::ofstream out(path, std::ios::binary);
    for (std::size_t i = 0; i < mebibytes; ++i) {
        for (auto& word : words) word = random();
        out.write(reinterpret_cast<const char*>(words.data()), 1 << 20);
    }
}

struct both_ways {
    double to_host;
    double from_host;  ///< MiB/s
};

both_ways measure(std::size_t mebibytes, std::chrono::milliseconds round_trip) {
    const support::sshd server;
    const support::temporary_directory base;
    const std::string from = (base.path() / "from").string();
    make_file(base.path() / "from/f", mebibytes);
    const support::delaying_proxy line(server.port(), round_trip / 2);
    weft::ssh_host host = server.binding_through(line.port());
    host.scratch = (base.path() / "host").string();

    weft::os::reactor loop;
    weft::local::machine here(loop, "bench");
    weft::remote::host edge(loop, "edge", host, "bench", 2);
    bench::wait(loop, edge.open());
    weft::transfer::archive_stager stager;
    const auto rate = [&](weft::engine::files& source, weft::engine::files& target, const std::string& name) {
        double seconds = 0;
        for (int turn = 0; turn < 2; ++turn) {
            const auto start = bench::steady::now();
            loop.run(stager.copy(source, from, {"f"}, target,
                                 (base.path() / name).string() + std::to_string(turn), {}));
            seconds = bench::seconds_since(start);
        }
        return static_cast<double>(mebibytes) / seconds;
    };
    const double to_host = rate(here, edge, "to");
    const double from_host = rate(edge, here, "back");
    loop.run(edge.close());
    return {to_host, from_host};
}

}  // namespace

int main(int argc, char** argv) {
    const std::size_t mebibytes = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 128;
    if (mebibytes == 0) {
        std::fputs("usage: long_line [MEBIBYTES]\n", stderr);
        return 2;
    }
    try {
        std::printf("| round trip, ms | to a host, MiB/s | from a host |\n|---|---|---|\n");
        for (const int milliseconds : {0, 10, 50}) {
            const both_ways rates = measure(mebibytes, std::chrono::milliseconds(milliseconds));
            std::printf("| %d | %.0f | %.0f |\n", milliseconds, rates.to_host, rates.from_host);
            std::fflush(stdout);
        }
    } catch (const std::exception& error) {
        std::fprintf(stderr, "long_line: %s\n", error.what());
        return 1;
    }
    return 0;
}
