// SPDX-License-Identifier: MIT
#pragma once

#include <weft/config.hpp>
#include <weft/engine/options.hpp>
#include <weft/plan/tables.hpp>

#include <string>

namespace weft::show {

/// What will be done, for a person: tasks in order with their places, edges, and what is staged from where to
/// where and how.
std::string plan_text(const plan::view& plan, const options& how);

}  // namespace weft::show
