// SPDX-License-Identifier: MIT
// The code behind the headers, for header-only use; `weft::compiled` builds the same files once, from src/.
#pragma once

#include <weft/backend/archive_script.ipp>
#include <weft/backend/ask_passphrase.ipp>
#include <weft/backend/local_place.ipp>
#include <weft/backend/resident_shell.ipp>
#include <weft/backend/ssh_channel.ipp>
#include <weft/backend/ssh_connection.ipp>
#include <weft/backend/ssh_place.ipp>
#include <weft/backend/ssh_session.ipp>
#include <weft/cli/arguments.ipp>
#include <weft/cli/bindings.ipp>
#include <weft/cli/command_line.ipp>
#include <weft/cli/help.ipp>
#include <weft/cli/hosts_file.ipp>
#include <weft/cli/main.ipp>
#include <weft/launch.ipp>
#include <weft/os/process.ipp>
#include <weft/os/process_table.ipp>
#include <weft/os/reactor.ipp>
#include <weft/os/scratch_files.ipp>
#include <weft/run/command.ipp>
#include <weft/run/executor.ipp>
#include <weft/run/executor_places.ipp>
#include <weft/run/executor_task.ipp>
#include <weft/run/report.ipp>
#include <weft/run/staging.ipp>
#include <weft/show/graph_text.ipp>
#include <weft/show/log.ipp>
#include <weft/show/plan_text.ipp>
#include <weft/show/printable.ipp>
#include <weft/stage/archive_stager.ipp>
