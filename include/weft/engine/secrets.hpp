// SPDX-License-Identifier: MIT
#pragma once

#include <weft/config.hpp>
#include <weft/engine/backend.hpp>
#include <weft/plan/tables.hpp>

#include <string>
#include <vector>

namespace weft::engine {

/// The secrets of a plan, read once from this program's environment, and the only place that holds them.
class secrets {
public:
    secrets() = default;

    /// Throws `options_error` that names the task and the variable when one is not set.
    explicit secrets(const plan::view& plan);

    /// Puts the variables of `task` into `next`.
    void give(const plan::view& plan, const plan::task& task, attempt& next) const;

    /// `text` with `***` for what is a secret's value, or a line of one: for what a task or a host said.
    /// Values of less than four characters are everywhere and stay.
    std::string masked(std::string text) const;

private:
    std::vector<std::string> values_;   ///< per row of the plan's environment; "" of what is no secret
    std::vector<std::string> sources_;  ///< the variables of this program
    std::vector<std::string> hidden_;   ///< what is masked, the longest first
};

}  // namespace weft::engine
