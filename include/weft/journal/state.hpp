// SPDX-License-Identifier: MIT
#pragma once

#include <weft/config.hpp>
#include <weft/journal/history.hpp>
#include <weft/plan/tables.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace weft::journal {

/// The default directory of journals: `$XDG_STATE_HOME/weft`, else `~/.local/state/weft`. `~` is $HOME or, if
/// unset, the home directory of the user's account. Throws `journal_error` when none is set.
std::string default_directory();

/// The directory of one run below `base`.
std::string run_directory(const std::string& base, std::string_view workflow, std::string_view run);

/// A run that has a journal.
struct entry {
    std::string run;
    std::string directory;
    std::uint64_t sequence = 0;
};

/// The runs of `workflow`, the newest first; none when their directory does not exist. Throws `journal_error`
/// when it cannot be read.
std::vector<entry> runs_of(const std::string& base, std::string_view workflow);

/// The run that `name` identifies: a run's full name or a prefix of its last part; empty: the newest. Throws
/// `journal_error` that names the newest run.
entry find_run(const std::string& base, std::string_view workflow, std::string_view name);

/// Reads the run's journal. Throws `journal_error`.
history read_run(const entry& which);

/// One more than the highest sequence of the workflow's runs.
std::uint64_t next_sequence(const std::string& base, std::string_view workflow);

/// A digest of the plan's tasks and edges by name. A different shape is a different workflow.
std::string shape_of(const plan::view& plan);

/// This process as a session, with its options.
session this_session(unsigned number, const options& options);

/// Whether the process of the session still runs.
bool is_alive(const session& which);

}  // namespace weft::journal
