// SPDX-License-Identifier: MIT
#pragma once

#include <weft/show/log.hpp>
#include <weft/show/plan_text.hpp>
#include <weft/text/address.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <string_view>
#include <tuple>
#include <vector>

namespace weft::show {

namespace detail {

/// `1 task`, `2 tasks`.
WEFT_INLINE std::string counted(std::size_t count, std::string_view what) {
    return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

/// The terminal columns of a UTF-8 text whose characters have width one.
WEFT_INLINE std::size_t width_of(std::string_view text) {
    return static_cast<std::size_t>(std::count_if(
        text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0u) != 0x80u; }));
}

/// A table with aligned columns, indented by two, a title and a header row. Empty columns are left out.
class table {
public:
    table(std::string_view title, std::vector<std::string> head) : title_(title), rows_{std::move(head)} {}

    void add(std::vector<std::string> row) {
        for (std::string& cell : row) cell = printable(cell);
        rows_.push_back(std::move(row));
    }

    /// Empty when no row was added.
    std::string text() const {
        if (rows_.size() == 1) return "";
        std::vector<std::size_t> widths(rows_[0].size(), 0);
        for (std::size_t at = 0; at < widths.size(); ++at) {
            for (std::size_t row = 1; row < rows_.size(); ++row)
                widths[at] = std::max(widths[at], width_of(rows_[row][at]));
            if (widths[at] != 0) widths[at] = std::max(widths[at], width_of(rows_[0][at]));
        }
        std::string text = fmt::format("\n{}\n", title_);
        for (const auto& row : rows_) {
            std::string line;
            for (std::size_t at = 0; at < row.size(); ++at)
                if (widths[at] != 0)
                    line += "  " + row[at] + std::string(widths[at] - width_of(row[at]), ' ');
            line.erase(line.find_last_not_of(' ') + 1);
            text += line + '\n';
        }
        return text;
    }

private:
    std::string_view title_;
    std::vector<std::vector<std::string>> rows_;
};

/// Writes the tables of `plan_text`.
class plan_writer {
public:
    plan_writer(const plan::view& plan, const options& options) : plan_(plan), options_(options) {}

    std::string text() const {
        return fmt::format("workflow '{}': {}, {}, {}, at most {} side by side\n", printable(plan_.name),
                           counted(plan_.tasks.size(), "task"), counted(plan_.edges, "edge"),
                           counted(plan_.depth, "level"), plan_.width) +
               tasks() + files() + hosts() + parameters();
    }

private:
    std::string_view place_of(plan::index task) const {
        const plan::index host = plan_.tasks[task].host;
        return host == plan::none ? std::string_view("here") : plan_.hosts[host];
    }
    std::size_t machines_of(plan::index host) const {
        return static_cast<std::size_t>(
            std::count_if(options_.hosts.begin(), options_.hosts.end(),
                          [&](const host_binding& row) { return row.name == plan_.hosts[host]; }));
    }
    std::string at(plan::index task) const {
        return fmt::format("{} ({})", plan_.tasks[task].name, place_of(task));
    }

    std::string_view manner(plan::index from, plan::index to) const {
        if (from == to && (from == plan::none || machines_of(from) < 2)) return "linked";
        if (from == to) return "linked, or streamed through here between its machines";
        if (from == plan::none) return "sent over SSH";
        if (to == plan::none) return "fetched over SSH";
        return "streamed through here, not stored";
    }

    static std::string policy_text(const plan::policy& policy) {
        std::vector<std::string> parts;
        const auto seconds = [](std::chrono::milliseconds time) {
            return std::chrono::duration<double>(time).count();
        };
        if (policy.time_limit.count() != 0)
            parts.push_back(fmt::format("at most {} s", seconds(policy.time_limit)));
        if (policy.attempts > 1) parts.push_back(fmt::format("up to {} attempts", policy.attempts));
        if (policy.cpus > 1) parts.push_back(fmt::format("{} cpus", policy.cpus));
        if (policy.memory != 0)
            parts.push_back(fmt::format("{:.4g} MiB", static_cast<double>(policy.memory) / (1u << 20)));
        if (policy.writable_inputs) parts.emplace_back("writable inputs");
        if (policy.keep) parts.emplace_back("kept");
        return fmt::format("{}", fmt::join(parts, ", "));
    }

    std::string tasks() const {
        table shown("tasks", {"level", "task", "runs", "after", "promises", "policy"});
        for (const plan::index task : plan_.order) {
            const plan::task& row = plan_.tasks[task];
            std::vector<std::string_view> after;
            for (const plan::index from : plan::rows(plan_.predecessors, row.predecessors))
                after.push_back(plan_.tasks[from].name);
            shown.add({std::to_string(row.level), std::string(row.name),
                       (row.host == plan::none ? "" : "on ") + std::string(place_of(task)),
                       fmt::format("{}", fmt::join(after, ", ")),
                       fmt::format("{}", fmt::join(plan::rows(plan_.paths, row.outputs), ", ")),
                       policy_text(plan_.policies[task])});
        }
        return shown.text();
    }

    std::string files() const {
        table shown("files", {"path", "from", "to", "how"});
        std::map<std::string, std::size_t> totals;
        std::set<std::tuple<plan::index, std::string_view, plan::index>> there;
        // A file that several tasks of one machine need is copied once.
        const auto once = [&](plan::index producer, std::string_view path, plan::index host,
                              std::string_view manner) -> std::string_view {
            if (manner.starts_with("linked") || (host != plan::none && machines_of(host) > 1)) return manner;
            return there.emplace(producer, path, host).second ? manner : "linked to the same copy";
        };
        const auto add = [&](std::string_view path, std::string from, std::string to, std::string manner) {
            ++totals[manner];
            shown.add({std::string(path), std::move(from), std::move(to), std::move(manner)});
        };
        for (const plan::index task : plan_.order) {
            const plan::task& row = plan_.tasks[task];
            for (const plan::reference& each : plan::rows(plan_.references, row.references))
                add(each.path, at(each.producer), at(task),
                    std::string(once(each.producer, each.path, row.host,
                                     manner(plan_.tasks[each.producer].host, row.host))));
            for (const std::string_view input : plan::rows(plan_.paths, row.inputs))
                add(input, "here", at(task),
                    std::string(once(plan::none, input, row.host,
                                     row.host == plan::none ? "copied" : "sent over SSH")));
            for (const std::string_view output : plan::rows(plan_.paths, row.collected))
                add(output, at(task), fmt::format("{}/{}", options_.results, row.name), "collected");
        }
        if (totals.empty()) return "";
        std::vector<std::string> sums;
        for (const auto& [manner, count] : totals) sums.push_back(fmt::format("{} {}", count, manner));
        return shown.text() + fmt::format("  in all: {}\n", fmt::join(sums, "; "));
    }

    static std::string address_text(const ssh_host& host, const std::string& name) {
        return (host.user.empty() ? "" : host.user + '@') +
               text::address(host.address.empty() ? name : host.address, host.port);
    }

    std::string hosts() const {
        table shown("hosts", {"host", "address", "key", "known hosts", "scratch", "slots"});
        for (plan::index host = 0; host < plan_.hosts.size(); ++host) {
            const std::string name(plan_.hosts[host]);
            if (machines_of(host) == 0)
                shown.add({name, "not bound: looked up in ~/.ssh/config", "", "", options_.scratch, ""});
            for (const host_binding& row : options_.hosts)
                if (row.name == name)
                    shown.add({name, address_text(row.host, name), row.host.identity, row.host.known_hosts,
                               row.host.scratch.empty() ? options_.scratch : row.host.scratch,
                               row.host.slots == 0 ? "" : std::to_string(row.host.slots)});
        }
        return shown.text();
    }

    std::string parameters() const {
        table shown("parameters", {"name", "value", "type", "about"});
        for (const plan::parameter& row : plan_.parameters) {
            const auto given = options_.parameters.find(std::string(row.name));
            const bool is_given = given != options_.parameters.end();
            const std::string value = is_given ? given->second : row.required ? "" : row.default_text;
            shown.add({std::string(row.name),
                       row.required && !is_given ? "(required)"
                       : value.empty()           ? "''"
                                                 : value,
                       std::string(row.type), std::string(row.description)});
        }
        return shown.text();
    }

    const plan::view& plan_;
    const weft::options& options_;
};

}  // namespace detail

WEFT_INLINE std::string plan_text(const plan::view& plan, const options& options) {
    return detail::plan_writer(plan, options).text();
}

}  // namespace weft::show
