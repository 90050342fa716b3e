// SPDX-License-Identifier: MIT
// transfers DIRECTION COUNT FROM PATH TO: copies PATH below FROM to the directories TO/0 ... TO/(COUNT-1),
// all concurrently, by weft's staging over the server that the variables PORT, LOGIN, KEY, KNOWN_HOSTS and
// SCRATCH name. DIRECTION is put, get or relay (host to host), or link: COUNT tasks of /bin/true, one after
// another, on the host that already has the file. Prints seconds without the connection, then those of the
// connection, and this process's peak memory in MiB.
#include "remote/places.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <cstdio>
#include <exception>

namespace {

/// Tasks that get the file in their scratch.
weft::os::async<void> link(weft::remote::host& edge, int count, const std::string& from,
                           const std::string& path, const std::string& to) {
    for (int i = 0; i < count; ++i) {
        weft::engine::attempt what;
        what.task = std::to_string(i);
        what.run = "bench";
        what.scratch = to + '/' + what.task;
        what.action = weft::plan::action_kind::program;
        what.arguments = {"/bin/true"};
        what.links.push_back({from, path, ".weft/inputs/" + path});
        const weft::engine::outcome end = co_await edge.run(what);
        if (!end.ok()) throw std::runtime_error("a task failed: " + end.message);
    }
}

int measure(const std::string& direction, int count, const std::string& from, const std::string& path,
            const std::string& to) {
    weft::os::reactor loop;
    weft::transfer::archive_stager stager;
    const std::string run = "bench-" + std::to_string(::getpid());
    weft::local::machine here(loop, run);
    weft::remote::host edge(loop, "edge", bench::server(), run, 2);
    weft::remote::host other(loop, "other", bench::server(), run, 2);
    const auto connecting = bench::steady::now();
    bench::wait(loop, edge.open());
    const bool relay = direction == "relay";
    if (relay) bench::wait(loop, other.open());
    const double connected = bench::seconds_since(connecting);

    weft::engine::files& source = direction == "put" ? static_cast<weft::engine::files&>(here) : edge;
    weft::engine::files& target = direction == "get" ? static_cast<weft::engine::files&>(here)
                                  : relay            ? static_cast<weft::engine::files&>(other)
                                                     : edge;
    const auto start = bench::steady::now();
    if (direction == "link")
        loop.run(link(edge, count, from, path, to));
    else
        loop.run(bench::all(count, [&](int i) -> weft::os::async<void> {
            std::vector<std::string> paths{path};
            co_await stager.copy(source, from, std::move(paths), target, to + '/' + std::to_string(i), {});
        }));
    const double seconds = bench::seconds_since(start);
    loop.run(edge.close());
    if (relay) loop.run(other.close());
    struct rusage used {};
    ::getrusage(RUSAGE_SELF, &used);
    std::printf("%.3f %.3f %ld\n", seconds, connected, used.ru_maxrss / 1024);
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 6) {
        std::fputs("usage: transfers put|get|relay|link COUNT FROM PATH TO\n", stderr);
        return 2;
    }
    try {
        return measure(argv[1], std::stoi(argv[2]), argv[3], argv[4], argv[5]);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "transfers: %s\n", error.what());
        return 1;
    }
}
