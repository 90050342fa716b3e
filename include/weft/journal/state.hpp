// SPDX-License-Identifier: MIT
#pragma once

#include <weft/config.hpp>
#include <weft/journal/history.hpp>
#include <weft/plan/tables.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace weft::journal {

/// Where programs keep their runs' journals: `$XDG_STATE_HOME/weft`, else `~/.local/state/weft`, `~` being
/// $HOME or, without it, the home of the user's account. Throws `journal_error` when there is none of these.
std::string default_directory();

/// The directory of one run below `base`.
std::string run_directory(const std::string& base, std::string_view workflow, std::string_view run);

/// A run of which there is a journal.
struct entry {
    std::string run;
    std::string directory;
    std::uint64_t sequence = 0;
};

/// The runs of `workflow`, the newest first; none when there is no directory. Throws `journal_error` when
/// there is one that cannot be read.
std::vector<entry> runs_of(const std::string& base, std::string_view workflow);

/// The run that a person means by `name`: a run's whole name or the beginning of its last part; empty: the
/// newest. Throws `journal_error` that says which runs there are.
entry find_run(const std::string& base, std::string_view workflow, std::string_view name);

/// What the run's journal says. Throws `journal_error`.
history read_run(const entry& which);

/// One more than the highest sequence of the workflow's runs.
std::uint64_t next_sequence(const std::string& base, std::string_view workflow);

/// A digest of what a plan is made of: tasks and edges by name. Another shape is another workflow.
std::string shape_of(const plan::view& what);

/// This process as a session, with its options.
session this_session(unsigned number, const options& how);

/// The process that drove a session last is there and is still the same.
bool is_alive(const session& which);

}  // namespace weft::journal
