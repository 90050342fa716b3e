// SPDX-License-Identifier: MIT
#pragma once

#include <weft/config.hpp>
#include <weft/engine/backend.hpp>
#include <weft/engine/files.hpp>
#include <weft/engine/options.hpp>
#include <weft/journal/history.hpp>
#include <weft/os/reactor.hpp>

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace weft::launch {

/// How a machine is reached that the journal of a run calls `host`: as is given now, else as any session of
/// the run says, the newest first. A host that was never bound is an alias of ~/.ssh/config. Throws
/// `place_error` when nothing is known of one of several machines.
ssh_host reach_of(const std::vector<host_binding>& given, const journal::history& past,
                  const std::string& host);

/// The machines of a past run, reached as its journal says, or as the command line says now.
class past_places {
public:
    /// `name` is the run's name when its processes are to be ended with `close`; else any other: they are
    /// none of its business then. What is `given` comes before what the journal says. `past` outlives this.
    past_places(os::reactor& loop, const journal::history& past, std::string name,
                std::vector<host_binding> given = {});
    ~past_places();

    struct place {
        engine::backend* tasks = nullptr;
        engine::files* contents = nullptr;
    };

    /// The machine that the journal calls `host`; empty: this one. Connects when it is first asked for.
    /// Throws `place_error`.
    os::async<place> at(std::string host);

    os::async<void> close();

private:
    struct open_place;
    os::reactor& loop_;
    std::string name_;
    const journal::history& past_;
    std::vector<host_binding> given_;
    std::map<std::string, std::unique_ptr<open_place>> open_;
};

}  // namespace weft::launch
