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

/// The binding of the machine that a run's journal calls `host`: from the options given now, else from the
/// newest session that has one. A host that was never bound is an alias in ~/.ssh/config. Throws
/// `place_error` when the binding of one of several machines is unknown.
ssh_host reach_of(const std::vector<host_binding>& given, const journal::history& past,
                  const std::string& host);

/// Connections to the machines of a past run, with bindings from the command line or the journal.
class past_places {
public:
    /// `close` ends the processes of the run called `name`; pass another name to leave them alone. `given`
    /// overrides the journal. `past` must outlive this object.
    past_places(os::reactor& loop, const journal::history& past, std::string name,
                std::vector<host_binding> given = {});
    ~past_places();

    struct place {
        engine::backend* tasks = nullptr;
        engine::files* contents = nullptr;
    };

    /// The machine that the journal calls `host`; empty: this machine. Connects on first use. Throws
    /// `place_error`.
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
