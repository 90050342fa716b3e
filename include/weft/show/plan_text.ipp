// SPDX-License-Identifier: MIT
#pragma once

#include <weft/show/plan_text.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <string_view>
#include <vector>

namespace weft::show {

namespace detail {

WEFT_INLINE std::string_view place_name(const plan::view& plan, plan::index host) {
    return host == plan::none ? std::string_view("here") : plan.hosts[host];
}

WEFT_INLINE std::string_view manner(plan::index from, plan::index to) {
    if (from == to) return "hard link";
    if (from == plan::none) return "sent over SSH";
    if (to == plan::none) return "fetched over SSH";
    return "streamed through here, not stored";
}

/// Rows of cells in aligned columns, indented by two.
WEFT_INLINE std::string columns(const std::vector<std::vector<std::string>>& rows) {
    std::vector<std::size_t> width;
    for (const auto& row : rows)
        for (std::size_t at = 0; at < row.size(); ++at) {
            if (at == width.size()) width.push_back(0);
            width[at] = std::max(width[at], row[at].size());
        }
    std::string text;
    for (const auto& row : rows) {
        std::string line = " ";
        for (std::size_t at = 0; at < row.size(); ++at)
            line += fmt::format(" {:<{}} ", row[at], at + 1 == row.size() ? 0 : width[at]);
        line.erase(line.find_last_not_of(' ') + 1);
        text += line + '\n';
    }
    return text;
}

WEFT_INLINE std::string binding_text(const ssh_host& how) {
    std::string text = how.user.empty() ? "" : how.user + '@';
    text += how.address;
    if (how.port != 0) text += fmt::format(":{}", how.port);
    if (!how.identity.empty()) text += ", key " + how.identity;
    return text;
}

WEFT_INLINE std::string policy_text(const plan::policy& policy) {
    std::vector<std::string> parts;
    const auto seconds = [](std::chrono::milliseconds time) {
        return std::chrono::duration<double>(time).count();
    };
    if (policy.time_limit.count() != 0)
        parts.push_back(fmt::format("at most {} s", seconds(policy.time_limit)));
    if (policy.attempts > 1) parts.push_back(fmt::format("up to {} attempts", policy.attempts));
    if (policy.cpus > 1) parts.push_back(fmt::format("{} cpus", policy.cpus));
    if (policy.keep) parts.emplace_back("kept");
    return fmt::format("{}", fmt::join(parts, ", "));
}

}  // namespace detail

WEFT_INLINE std::string plan_text(const plan::view& plan, const options& how) {
    std::string text = fmt::format("workflow '{}': {} tasks, {} edges, {} levels, at most {} side by side\n",
                                   plan.name, plan.tasks.size(), plan.edges, plan.depth, plan.width);
    std::vector<std::vector<std::string>> rows{{"level", "task", "runs", "after", "policy"}};
    for (const plan::index task : plan.order) {
        const plan::task& row = plan.tasks[task];
        std::string after;
        for (const plan::index from : plan::rows(plan.predecessors, row.predecessors))
            after += (after.empty() ? "" : ", ") + std::string(plan.tasks[from].name);
        rows.push_back({std::to_string(row.level), std::string(row.name),
                        std::string(detail::place_name(plan, row.host)), after,
                        detail::policy_text(plan.policies[task])});
    }
    text += "\ntasks\n" + detail::columns(rows);

    rows = {{"file", "from", "to", "how"}};
    for (const plan::index task : plan.order) {
        const plan::task& row = plan.tasks[task];
        const auto at = [&](plan::index which) {
            return fmt::format("{} ({})", plan.tasks[which].name,
                               detail::place_name(plan, plan.tasks[which].host));
        };
        for (const plan::reference& reference : plan::rows(plan.references, row.references))
            rows.push_back({std::string(reference.path), at(reference.producer), at(task),
                            std::string(detail::manner(plan.tasks[reference.producer].host, row.host))});
        for (const std::string_view input : plan::rows(plan.paths, row.inputs))
            rows.push_back(
                {std::string(input), "here", at(task), row.host == plan::none ? "copied" : "sent over SSH"});
        for (const std::string_view output : plan::rows(plan.paths, row.collected))
            rows.push_back(
                {std::string(output), at(task), fmt::format("{}/{}", how.results, row.name), "collected"});
    }
    if (rows.size() > 1) text += "\nfiles\n" + detail::columns(rows);

    rows.clear();
    for (const std::string_view host : plan.hosts) {
        bool bound = false;
        for (const host_binding& binding : how.hosts) {
            if (binding.name != host) continue;
            bound = true;
            rows.push_back({std::string(host), detail::binding_text(binding.host)});
        }
        if (!bound)
            rows.push_back({std::string(host), "not bound: '" + std::string(host) + "' of ~/.ssh/config"});
    }
    if (!rows.empty()) text += "\nhosts\n" + detail::columns(rows);

    rows.clear();
    for (const plan::parameter& parameter : plan.parameters) {
        const auto given = how.parameters.find(std::string(parameter.name));
        const std::string value = given != how.parameters.end() ? given->second
                                  : parameter.required          ? "(required)"
                                                                : parameter.default_text;
        rows.push_back({std::string(parameter.name), value, std::string(parameter.description)});
    }
    if (!rows.empty()) text += "\nparameters\n" + detail::columns(rows);
    return text;
}

}  // namespace weft::show
