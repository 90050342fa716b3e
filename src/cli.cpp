// SPDX-License-Identifier: MIT
#include <weft/cli/arguments.ipp>
#include <weft/cli/bindings.ipp>
#include <weft/cli/command_line.ipp>
#include <weft/cli/help.ipp>
#include <weft/cli/hosts_file.ipp>
#include <weft/cli/main.ipp>
