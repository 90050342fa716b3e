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

/// Computes the fingerprints of tasks from: action, command, environment, input values and files, files that
/// path parameters name, the program (for functions), the attempts of predecessors, the declared outputs, and
/// the place. Scratch paths are left out, since they differ between attempts.
class fingerprints {
public:
    /// `directory` is the base of relative inputs.
    fingerprints(os::reactor& loop, const plan::view& plan, std::vector<std::string> parameters,
                 std::string directory)
        : loop_(loop), plan_(plan), parameters_(std::move(parameters)), directory_(std::move(directory)) {}

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
    std::string program_;  ///< digest of the program; computed on first use
    path_digests files_;
};

}  // namespace weft::journal
