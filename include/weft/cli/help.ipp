// SPDX-License-Identifier: MIT
#pragma once

#include <weft/cli/help.hpp>
#include <weft/text/shell_quote.hpp>

#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include <algorithm>
#include <vector>

namespace weft::cli {

namespace detail {

inline constexpr std::size_t page_width = 80;
inline constexpr std::size_t left_column = 26;  ///< where descriptions start

/// `text` wrapped to the page width. The first line starts at `column`; the others are indented to it.
WEFT_INLINE std::string wrapped(std::string_view text, std::size_t column) {
    std::string lines;
    std::size_t used = column;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find(' '), text.size());
        const std::string_view word = text.substr(0, end);
        text.remove_prefix(std::min(text.size(), end + 1));
        if (used != column && used + 1 + word.size() > page_width) {
            lines += '\n' + std::string(column, ' ');
            used = column;
        }
        if (used != column) {
            lines += ' ';
            ++used;
        }
        lines += word;
        used += word.size();
    }
    return lines;
}

/// `  left    description`; the description starts on the next line when `left` is too long.
WEFT_INLINE std::string entry(std::string_view left, std::string_view description) {
    std::string line = fmt::format("  {}", left);
    if (!description.empty()) {
        if (line.size() + 2 > left_column) line += '\n' + std::string(left_column, ' ');
        if (line.size() < left_column) line.resize(left_column, ' ');
        line += wrapped(description, left_column);
    }
    return line + '\n';
}

WEFT_INLINE std::string options_of(const CLI::App& app, const std::string& group) {
    std::string text;
    for (const CLI::Option* option : app.get_options()) {
        if (option->get_group() != group) continue;
        std::string names;
        for (const std::string& name : option->get_snames()) names += fmt::format("-{}, ", name);
        for (const std::string& name : option->get_lnames()) names += fmt::format("--{}", name);
        if (option->get_items_expected_max() > 0) names += ' ' + option->get_type_name();
        text += entry(names, option->get_description());
    }
    return text.empty() ? text : fmt::format("\n{}\n{}", group, text);
}

/// `a, b, c`; of many, the first ones and the total.
template <class Rows, class Name>
std::string some(const Rows& rows, Name name) {
    constexpr std::size_t most = 12;
    std::string text;
    for (std::size_t at = 0; at < std::min(rows.size(), most); ++at)
        text += fmt::format("{}{}", at == 0 ? "" : ", ", name(rows[at]));
    if (rows.size() > most) text += fmt::format(", ... ({} in total, see the command plan)", rows.size());
    return text;
}

WEFT_INLINE std::string examples(const plan::view& plan, std::string_view program) {
    std::string required;
    for (const plan::parameter& row : plan.parameters)
        if (row.required) required += fmt::format(" --{} ...", row.name);
    std::string text = "\nExamples\n";
    if (plan.hosts.empty()) {
        text += fmt::format("  {}{} --jobs 4\n", program, required);
    } else {
        const std::string_view host = plan.hosts.front();
        text +=
            fmt::format("  {}{} --host {}=alice@192.0.2.10:22 \\\n      --identity {}=~/.ssh/id_ed25519\n",
                        program, required, host, host);
        text += fmt::format("  {}{} --hosts hosts.toml\n", program, required);
    }
    text += fmt::format("  {} plan\n  {} graph --format dot | dot -Tsvg > graph.svg\n", program, program);
    return text;
}

}  // namespace detail

WEFT_INLINE std::string help_text(const CLI::App& app, const plan::view& plan, std::string_view program) {
    const std::string word = text::quote(program);
    std::string text = fmt::format("Usage: {} [<command>] [options]\n\n", word);
    text += fmt::format("Workflow '{}'\n", plan.name);
    text +=
        detail::entry("tasks", detail::some(plan.order, [&](plan::index at) { return plan.tasks[at].name; }));
    if (!plan.hosts.empty())
        text += detail::entry("hosts", detail::some(plan.hosts, [](std::string_view name) { return name; }));
    text += "\nCommands\n";
    for (const CLI::App* command : app.get_subcommands({}))
        text += detail::entry(command->get_name(), command->get_description());
    for (const std::string group : {"Parameters", "Hosts", "Run", "Past runs", "Log", "Other"})
        if (group != "Hosts" || !plan.hosts.empty()) text += detail::options_of(app, group);
    text += detail::examples(plan, word);
    text +=
        "\nExit code: 0 all tasks finished, 1 a task or host failed, 2 the command line is\n"
        "wrong, 130 cancelled.\n";
    return text;
}

}  // namespace weft::cli
