// SPDX-License-Identifier: MIT
#pragma once

#include <weft/engine/urgency.hpp>

#include <algorithm>
#include <cstddef>

namespace weft::engine {

WEFT_INLINE std::vector<double> urgency(const plan::view& plan, std::span<const double> weights) {
    double sum = 0;
    std::size_t known = 0;
    for (const double weight : weights)
        if (weight > 0) sum += weight, ++known;
    const double usual = known == 0 ? 1 : sum / static_cast<double>(known);

    std::vector<double> result(plan.tasks.size());
    for (std::size_t position = plan.order.size(); position-- > 0;) {
        const plan::index task = plan.order[position];
        double behind = 0;
        for (const plan::index next : plan::rows(plan.successors, plan.tasks[task].successors))
            behind = std::max(behind, result[next]);
        const bool is_known = task < weights.size() && weights[task] > 0;
        result[task] = behind + (is_known ? weights[task] : usual);
    }
    return result;
}

}  // namespace weft::engine
