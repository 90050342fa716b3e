// SPDX-License-Identifier: MIT
#pragma once

#include <weft/config.hpp>
#include <weft/engine/recorder.hpp>
#include <weft/journal/path_digest.hpp>
#include <weft/os/reactor.hpp>

#include <set>
#include <string>
#include <vector>

namespace weft::journal {

/// Computes what tasks are made of: action, command, environment, the values and the input files that go into
/// it, the files behind paths, of a function the program, the attempts of its predecessors, the promised
/// outputs, and where it runs. Scratch paths are no part of it: they differ from attempt to attempt and mean
/// the same.
class fingerprints {
public:
    /// `directory` is where relative inputs begin.
    fingerprints(os::reactor& loop, const plan::view& what, std::vector<std::string> parameters,
                 std::string directory)
        : loop_(loop), plan_(what), parameters_(std::move(parameters)), directory_(std::move(directory)) {}

    os::async<engine::fingerprint> of(plan::index task, const engine::place& at, const report& so_far,
                                      const engine::functions* calls);

private:
    std::string command_of(const plan::task& task) const;
    std::set<plan::index> parameters_of(const plan::task& task) const;
    std::vector<std::string> paths_in(plan::index parameter) const;
    os::async<std::string> input(std::string pattern);
    os::async<std::string> file(std::string path);

    os::reactor& loop_;
    const plan::view& plan_;
    std::vector<std::string> parameters_;
    std::string directory_;
    std::string program_;  ///< its digest, once a function asked for it
    path_digests files_;
};

}  // namespace weft::journal
