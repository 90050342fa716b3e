// SPDX-License-Identifier: MIT
#pragma once

#include <weft/engine/report.hpp>

#include <algorithm>
#include <stdexcept>

namespace weft {

WEFT_INLINE bool report::ok() const {
    return !cancelled && std::all_of(tasks.begin(), tasks.end(), [](const task_report& task) {
        return task.status == task_state::finished;
    });
}

WEFT_INLINE const task_report& report::operator[](std::string_view task) const {
    const auto found =
        std::find_if(tasks.begin(), tasks.end(), [&](const auto& row) { return row.name == task; });
    if (found == tasks.end())
        throw std::out_of_range("weft: workflow '" + workflow + "' has no task '" + std::string(task) + "'");
    return *found;
}

}  // namespace weft
