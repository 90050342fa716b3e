// SPDX-License-Identifier: MIT
#pragma once

#include <weft/config.hpp>
#include <weft/engine/backend.hpp>
#include <weft/plan/tables.hpp>

#include <string>
#include <vector>

namespace weft::engine {

/// The secrets of a plan, read once from this program's environment and stored only here.
class secrets {
public:
    secrets() = default;

    /// Throws `options_error` that names the task and the variable if a variable is not set.
    explicit secrets(const plan::view& plan);

    /// Adds the environment and secrets of `task` to `next`.
    void give(const plan::view& plan, const plan::task& task, attempt& next) const;

    /// `text` with `***` in place of each secret value or line of one; for output of tasks and hosts. Values
    /// shorter than four characters are too common to mask.
    std::string masked(std::string text) const;

private:
    std::vector<std::string>
        values_;  ///< per row of the plan's environment; "" for a variable that is not secret
    std::vector<std::string> sources_;  ///< this program's variables that hold the secrets
    std::vector<std::string> hidden_;   ///< texts to mask, the longest first
};

}  // namespace weft::engine
