// SPDX-License-Identifier: MIT
#pragma once

#include <weft/config.hpp>
#include <weft/journal/history.hpp>
#include <weft/os/reactor.hpp>
#include <weft/run/backend.hpp>
#include <weft/run/files.hpp>
#include <weft/run/options.hpp>

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace weft::cli {

/// The machines of a past run, reached as its journal says, or as the command line says now.
class past_places {
public:
    /// `name` is the run's name when its processes are to be ended with `close`; else any other: they are
    /// none of its business then. `bindings` come before the journal's.
    past_places(os::reactor& loop, const journal::history& past, std::string name,
                std::vector<host_binding> bindings = {});
    ~past_places();

    struct place {
        engine::backend* tasks = nullptr;
        engine::files* contents = nullptr;
    };

    /// The machine that the journal calls `host`; empty: this one. Connects when it is first asked for.
    /// Throws `place_error`.
    os::async<place> at(std::string host);

    os::async<void> close();

    /// How `host` is reached; null when nothing is known of it, then it is an alias of ~/.ssh/config.
    static const ssh_host* find(const std::vector<host_binding>& bindings, const std::string& host);

private:
    struct open_place;
    os::reactor& loop_;
    std::string name_;
    std::string scratch_;
    std::vector<host_binding> bindings_;
    std::map<std::string, std::unique_ptr<open_place>> open_;
};

}  // namespace weft::cli
