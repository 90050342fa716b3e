// SPDX-License-Identifier: MIT
#pragma once

#include <weft/config.hpp>

#include <chrono>
#include <string>
#include <vector>

namespace weft::ssh {

/// What a program printed and how it ended.
struct program_output {
    enum class kind {
        exited,       ///< `code` is its exit code
        not_started,  ///< there is no such program, or no process
        killed,       ///< it took too long, was interrupted, printed too much, or died of a signal
    };
    kind how = kind::not_started;
    int code = -1;
    std::string out;
    std::string err;

    bool ok() const { return how == kind::exited && code == 0; }
};

/// Runs a program without input to its end, and kills its process group when `limit` has passed (zero: no
/// limit) or when the descriptor `interrupted` becomes readable (negative: none). Blocks; does not throw.
program_output output_of(std::vector<std::string> arguments, std::chrono::milliseconds limit,
                         int interrupted);

}  // namespace weft::ssh
