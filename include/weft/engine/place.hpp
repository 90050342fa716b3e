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

/// One machine of a run, where tasks run and files are stored.
struct place {
    enum class condition { opening, open, failed };

    plan::index host = plan::none;  ///< the workflow's host that it belongs to; none: this machine
    std::string name;               ///< as log and report show it; empty: this machine
    std::string machine;            ///< what the name is bound to: `user@address:port`; empty: this machine
    std::string shell;              ///< runs shell actions there; known once it is open
    std::string directory;          ///< the run's directory at this place: `<base>/<run>`
    unsigned slots = 0;             ///< concurrent tasks of one cpu; 0: as many as the backend reports
    std::uint64_t memory = 0;  ///< bytes for tasks; 0: what the backend reports; unlimited if that is 0 too
    backend* tasks = nullptr;
    files* contents = nullptr;

    /// An attempt whose end is not reported within this time after KILL counts as lost.
    std::chrono::milliseconds patience = std::chrono::seconds(60);

    condition state = condition::opening;
    std::string trouble;  ///< why it could not be used or was lost: a sentence that names it

    /// `path` as the log shows it, with the host's name as prefix.
    std::string show(std::string_view path) const {
        return name.empty() ? std::string(path) : text::joined(name, ":", path);
    }
};

}  // namespace weft::engine
