// SPDX-License-Identifier: MIT
#pragma once

#include <weft/config.hpp>

#include <string>

namespace weft::engine {

/// Where outputs of a task arrive before they get their names in the results directory. A transfer of an
/// earlier session of the run may still be cleaning up after itself, so each has its own.
std::string arrival_of(const std::string& results, const std::string& run, const std::string& task,
                       unsigned session);

/// Removes what sessions that were cut off left there; a directory that is not there holds nothing.
void remove_arrivals(const std::string& results, const std::string& run);

}  // namespace weft::engine
