// SPDX-License-Identifier: MIT
#pragma once

#include <weft/config.hpp>
#include <weft/os/descriptor.hpp>

#include <string>
#include <vector>

namespace weft::engine {

/// Exclusive lock on a results directory: one run at a time holds it. The kernel releases it when the process
/// ends in any way. File systems without directory locks are not locked.
class results_lock {
public:
    results_lock() = default;

    /// Throws `options_error` that names the holder.
    explicit results_lock(const std::string& directory);

private:
    os::descriptor directory_;
};

/// The directory in which a task's outputs arrive before they are renamed into the results directory. Each
/// session has its own: a transfer of an earlier session may still be cleaning up.
std::string arrival_of(const std::string& results, const std::string& run, const std::string& task,
                       unsigned session);

/// The arrival directories that an interrupted `run` left; none when `results` does not exist.
std::vector<std::string> arrivals_of(const std::string& results, const std::string& run);

/// The arrival directories of all runs; call it with the lock held.
std::vector<std::string> old_arrivals(const std::string& results);

/// Which of `found`, the paths in a task's results directory that its patterns match, are from an earlier
/// attempt: those that are neither `arrived`, nor inside an arrived directory, nor parents of an arrived
/// path.
std::vector<std::string> not_arrived(std::vector<std::string> found, const std::vector<std::string>& arrived);

}  // namespace weft::engine
