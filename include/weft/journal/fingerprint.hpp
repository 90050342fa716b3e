// SPDX-License-Identifier: MIT
#pragma once

#include <weft/config.hpp>
#include <weft/os/reactor.hpp>
#include <weft/run/recorder.hpp>

#include <map>
#include <string>
#include <vector>

namespace weft::journal {

/// Computes what tasks are made of: action, command, environment, the values and the input files that go into
/// it, the attempts of its predecessors, the promised outputs, and where it runs. Scratch paths are no part
/// of it: they differ from attempt to attempt and mean the same.
class fingerprints {
public:
    fingerprints(os::reactor& loop, const plan::view& what, std::vector<std::string> parameters)
        : loop_(loop), plan_(what), parameters_(std::move(parameters)) {}

    os::async<engine::fingerprint> of(plan::index task, const engine::place& at, const report& so_far,
                                      const engine::functions* calls);

private:
    std::string command_of(const plan::task& task) const;
    os::async<std::string> input(std::string pattern);

    os::reactor& loop_;
    const plan::view& plan_;
    std::vector<std::string> parameters_;
};

}  // namespace weft::journal
