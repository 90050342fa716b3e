// SPDX-License-Identifier: MIT
#pragma once

#include <weft/config.hpp>
#include <weft/os/descriptor.hpp>

#include <string>
#include <vector>

namespace weft::engine {

/// The right to write to a results directory: one run at a time has it. The kernel takes it back when the
/// process ends, however that is. Where a file system has no locks on directories there is none.
class results_lock {
public:
    results_lock() = default;

    /// Throws `options_error` that names who has it.
    explicit results_lock(const std::string& directory);

private:
    os::descriptor directory_;
};

/// Where outputs of a task arrive before they get their names in the results directory. A transfer of an
/// earlier session of the run may still be cleaning up after itself, so each has its own.
std::string arrival_of(const std::string& results, const std::string& run, const std::string& task,
                       unsigned session);

/// What `run` left of these when it was cut off; a directory that is not there holds nothing.
std::vector<std::string> arrivals_of(const std::string& results, const std::string& run);

/// The same of all runs: for who has the lock.
std::vector<std::string> old_arrivals(const std::string& results);

/// Which of `found`, the paths of a task's results directory that its patterns match, are of an earlier
/// attempt: those that are neither `arrived`, nor in an arrived directory, nor around an arrived path.
std::vector<std::string> not_arrived(std::vector<std::string> found, const std::vector<std::string>& arrived);

}  // namespace weft::engine
