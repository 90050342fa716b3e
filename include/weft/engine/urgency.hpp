// SPDX-License-Identifier: MIT
#pragma once

#include <weft/config.hpp>
#include <weft/plan/tables.hpp>

#include <span>
#include <vector>

namespace weft::engine {

/// The urgency of each task: the weight of the task plus that of the heaviest chain of its successors. The
/// chain of the most urgent task bounds the run's duration from below, so that task starts first.
///
/// `weights` has one number per task, such as the seconds of an earlier run; a value that is not positive
/// means unknown and counts as the mean of the known ones. Empty: all tasks weigh the same. Linear in the
/// edges.
std::vector<double> urgency(const plan::view& plan, std::span<const double> weights = {});

}  // namespace weft::engine
