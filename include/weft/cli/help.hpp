// SPDX-License-Identifier: MIT
#pragma once

#include <weft/config.hpp>
#include <weft/plan/tables.hpp>

#include <string>
#include <string_view>

namespace CLI {
class App;
}

namespace weft::cli {

/// The text of `--help`, at most 80 columns wide: the workflow, the commands, the options of `app` by group,
/// and examples. `program` is argv[0].
std::string help_text(const CLI::App& app, const plan::view& plan, std::string_view program);

}  // namespace weft::cli
