// SPDX-License-Identifier: MIT
#pragma once

#include <weft/config.hpp>

#include <chrono>
#include <string>
#include <vector>

namespace weft::ssh {

/// The output of a program and how it ended.
struct program_output {
    enum class kind {
        exited,       ///< `code` is its exit code
        not_started,  ///< the program does not exist or could not be started
        killed,       ///< it took too long, was interrupted, printed too much, or died of a signal
    };
    kind ended = kind::not_started;
    int code = -1;
    std::string out;
    std::string err;

    bool ok() const { return ended == kind::exited && code == 0; }
};

/// Runs a program without input and waits for its end; kills its process group when `limit` has passed (zero:
/// no limit) or when `interrupted` becomes readable (negative: none). Blocks; does not throw.
program_output output_of(std::vector<std::string> arguments, std::chrono::milliseconds limit,
                         int interrupted);

}  // namespace weft::ssh
