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

/// The parsed command line.
struct request {
    command what = command::run;
    weft::options options;
    show::log_options log;
    std::string graph_format;           ///< `dot` or `mermaid`
    std::vector<std::string> operands;  ///< of the command: a task or runs
    std::string program;                ///< argv[0], printable
    std::string run;                    ///< `--run` of logs and rerun; empty: the newest
    std::set<std::string> given;        ///< options on the command line, without parameters
    bool shell = false;                 ///< of rerun
    bool all = false;                   ///< of clean
};

/// Without a request, the program exits with `exit_code`: help or version was printed.
struct reading {
    std::optional<request> wanted;
    int exit_code = 0;
};

/// Reads the command line of a workflow's program. Throws `options_error`: one line that names the mistake
/// and what to type instead.
reading read_command_line(const plan::view& plan, int argc, const char* const* argv);

/// The program's name without its directory, for messages.
std::string program_name(int argc, const char* const* argv);

}  // namespace weft::cli
