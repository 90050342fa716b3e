// SPDX-License-Identifier: MIT
#include <weft/cli/arguments.ipp>
#include <weft/cli/bindings.ipp>
#include <weft/cli/command_line.ipp>
#include <weft/cli/end_runs.ipp>
#include <weft/cli/help.ipp>
#include <weft/cli/hosts_file.ipp>
#include <weft/cli/main.ipp>
#include <weft/cli/past_runs.ipp>
#include <weft/cli/past_tasks.ipp>
#include <weft/cli/ssh_command.ipp>
#include <weft/cli/toml_guard.ipp>
