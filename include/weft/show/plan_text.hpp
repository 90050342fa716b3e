// SPDX-License-Identifier: MIT
#pragma once

#include <weft/config.hpp>
#include <weft/engine/options.hpp>
#include <weft/plan/tables.hpp>

#include <string>

namespace weft::show {

/// The plan for a reader: tasks in order with their places, edges, and how files are staged.
std::string plan_text(const plan::view& plan, const options& options);

}  // namespace weft::show
