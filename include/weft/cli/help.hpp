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

/// What `--help` prints, at most 80 columns wide: the workflow, the commands, the options of `app` by group
/// and examples. `program` is what a person typed to start it.
std::string help_text(const CLI::App& app, const plan::view& what, std::string_view program);

}  // namespace weft::cli
