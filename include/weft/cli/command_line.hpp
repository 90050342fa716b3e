// SPDX-License-Identifier: MIT
#pragma once

#include <weft/config.hpp>
#include <weft/engine/options.hpp>
#include <weft/plan/tables.hpp>
#include <weft/show/log.hpp>

#include <optional>
#include <set>
#include <string>
#include <vector>

namespace weft::cli {

enum class command { run, resume, plan, graph, runs, status, logs, rerun, cancel, clean };

/// What a command line asks for.
struct request {
    command what = command::run;
    options how;
    show::log_options log;
    std::string graph_format;           ///< `dot` or `mermaid`
    std::vector<std::string> operands;  ///< of the command: a task, or runs
    std::string program;                ///< as it was called
    std::string run;                    ///< `--run`: of logs and rerun; empty: the newest
    std::set<std::string> given;        ///< options on the command line; no parameters
    bool shell = false;                 ///< of rerun
    bool all = false;                   ///< of clean
};

/// Without a request there is nothing left to do but to exit with `exit_code`: help or the version was
/// printed.
struct reading {
    std::optional<request> wanted;
    int exit_code = 0;
};

/// Reads the command line of a workflow's program. Throws `options_error`: one line that names what is wrong
/// and what to type instead.
reading read_command_line(const plan::view& what, int argc, const char* const* argv);

/// The name of the program without its directory, for messages.
std::string program_name(int argc, const char* const* argv);

}  // namespace weft::cli
