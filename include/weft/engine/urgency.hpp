// SPDX-License-Identifier: MIT
#pragma once

#include <weft/config.hpp>
#include <weft/plan/tables.hpp>

#include <span>
#include <vector>

namespace weft::engine {

/// How urgent each task is: what it and the longest chain of tasks behind it weigh. No run can end before the
/// most urgent task has started and as much work has been done one after the other, so that one goes first.
///
/// `weights` has a number per task, such as the seconds of an earlier run; one that is not positive is not
/// known and counts as the mean of those that are. Empty: all weigh the same. Takes time linear in the edges.
std::vector<double> urgency(const plan::view& plan, std::span<const double> weights = {});

}  // namespace weft::engine
