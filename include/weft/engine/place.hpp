// SPDX-License-Identifier: MIT
#pragma once

#include <weft/duration.hpp>
#include <weft/engine/backend.hpp>
#include <weft/engine/files.hpp>
#include <weft/text/joined.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace weft::engine {

/// One machine of a run: where tasks run and files are.
struct place {
    enum class condition { opening, open, failed };

    plan::index host = plan::none;  ///< the workflow's host that it serves; none: this machine
    std::string name;               ///< as people see it; empty: this machine
    std::string machine;            ///< what the name is bound to: `user@address:port`; empty: this machine
    std::string shell;              ///< that runs shell actions there, once it is open
    std::string directory;          ///< of the run at this place: `<base>/<run>`
    unsigned slots = 0;             ///< tasks of one cpu at a time; 0: as many as the backend says
    std::uint64_t memory = 0;       ///< bytes for tasks; 0: what the backend says, and when that is 0, any
    backend* tasks = nullptr;
    files* contents = nullptr;

    /// A command whose end is not reported within this time after KILL is lost.
    std::chrono::milliseconds patience = std::chrono::seconds(60);

    condition state = condition::opening;
    std::string trouble;  ///< why it could not be used, or was lost: a sentence that names it

    /// `path` as the log shows it: with the host in front.
    std::string show(std::string_view path) const {
        return name.empty() ? std::string(path) : text::joined(name, ":", path);
    }
};

}  // namespace weft::engine
