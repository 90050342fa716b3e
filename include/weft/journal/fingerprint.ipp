// SPDX-License-Identifier: MIT
#pragma once

#include <weft/engine/match_files.hpp>
#include <weft/journal/fingerprint.hpp>
#include <weft/journal/path_digest.ipp>
#include <weft/os/program_digest.hpp>
#include <weft/os/scratch_files.hpp>
#include <weft/text/list.hpp>

#include <algorithm>
#include <exception>
#include <filesystem>
#include <functional>
#include <set>
#include <utility>

namespace weft::journal {

WEFT_INLINE std::string fingerprints::command_of(const plan::task& task) const {
    std::string text;
    for (const plan::piece& piece : plan::rows(plan_.pieces, task.pieces)) {
        text += static_cast<char>('a' + static_cast<int>(piece.kind));
        text += static_cast<char>('a' + static_cast<int>(piece.context));
        detail::add_text(text, std::to_string(piece.argument));
        switch (piece.kind) {
            case plan::piece_kind::text:
                detail::add_text(text, piece.text);
                break;
            case plan::piece_kind::reference:
                detail::add_text(text, plan_.tasks[plan_.references[piece.target].producer].name);
                detail::add_text(text, plan_.references[piece.target].path);
                break;
            case plan::piece_kind::parameter:
                detail::add_text(text, plan_.all_parameters[piece.target].name);
                break;
            case plan::piece_kind::value:
                detail::add_text(text, plan_.tasks[piece.target].name);
                break;
        }
    }
    // A function is represented by its files; its code is in the program's digest.
    for (const plan::reference& reference : plan::rows(plan_.references, task.references)) {
        detail::add_text(text, plan_.tasks[reference.producer].name);
        detail::add_text(text, reference.path);
    }
    return text;
}

WEFT_INLINE os::async<std::string> fingerprints::input(std::string pattern) {
    std::string all;
    std::function<void()> work = [&] {
        const engine::input_files input = engine::find_inputs(directory_, pattern);
        const std::string& base = input.directory;
        std::vector<std::string> names{input.within};
        if (input.glob) names = engine::match_files(base, input.within);
        for (const std::string& name : names) all += detail::digest_of_tree(base + '/' + name, name);
    };
    try {
        co_await loop_.blocking(std::move(work));
    } catch (const std::exception& error) {
        // Staging reports the error.
        co_return std::string("unreadable");
    }
    co_return detail::part_digest(all);
}

WEFT_INLINE os::async<std::string> fingerprints::file(std::string path) {
    std::string digest;
    std::function<void()> work = [&] { digest = files_.of(path); };
    co_await loop_.blocking(std::move(work));
    co_return digest;
}

WEFT_INLINE std::set<plan::index> fingerprints::parameters_of(const plan::task& task) const {
    std::set<plan::index> all;
    for (const plan::piece& piece : plan::rows(plan_.pieces, task.pieces))
        if (piece.kind == plan::piece_kind::parameter) all.insert(piece.target);
    for (const plan::index taken : plan::rows(plan_.taken, task.taken)) all.insert(taken);
    return all;
}

/// The absolute paths in a parameter's value.
WEFT_INLINE std::vector<std::string> fingerprints::paths_in(plan::index parameter) const {
    const plan::parameter& row = plan_.all_parameters[parameter];
    const std::string& value = parameters_[parameter];
    if (!row.path) return {};
    return row.list ? text::split_list(value) : std::vector<std::string>{value};
}

WEFT_INLINE os::async<engine::fingerprint> fingerprints::of(plan::index task, const engine::place& at,
                                                            const report& so_far,
                                                            const engine::functions* calls) {
    const plan::task& row = plan_.tasks[task];
    engine::fingerprint parts;
    const bool function = row.action == plan::action_kind::function;
    const std::string kind = function                                 ? "function"
                             : row.action == plan::action_kind::shell ? "shell"
                                                                      : "program";
    parts.emplace_back("action", kind);
    if (row.action == plan::action_kind::shell)
        parts.emplace_back("shell", at.shell.empty() ? engine::unknown_digest : at.shell);
    parts.emplace_back("command", detail::part_digest(command_of(row)));
    std::set<plan::index> values;
    for (const plan::piece& piece : plan::rows(plan_.pieces, row.pieces))
        if (piece.kind == plan::piece_kind::value) values.insert(piece.target);
    std::set<std::string> paths;
    for (const plan::index each : parameters_of(row)) {
        parts.emplace_back("parameter " + std::string(plan_.all_parameters[each].name),
                           detail::part_digest(parameters_[each]));
        for (std::string& path : paths_in(each)) paths.insert(std::move(path));
    }
    // On a host, paths name files that are not read here.
    if (at.name.empty())
        for (const std::string& path : paths) {
            std::string one = path;
            std::string digest = co_await file(std::move(one));
            parts.emplace_back("file " + path, std::move(digest));
        }
    for (const plan::index each : values) {
        std::string digest = engine::unknown_digest;
        if (calls != nullptr) {
            const engine::shown_text value = calls->text(each);
            digest = detail::part_digest((value.list ? "l" : "t") + value.text);
        }
        parts.emplace_back("value of " + std::string(plan_.tasks[each].name), std::move(digest));
    }
    if (function) {
        if (program_.empty()) program_ = os::program_digest();
        parts.emplace_back("program", program_);
    }
    std::string environment;
    for (const plan::variable& each : plan::rows(plan_.environment, row.environment)) {
        detail::add_text(environment, each.name);
        detail::add_text(environment, each.value);
    }
    parts.emplace_back("environment", detail::part_digest(environment));
    for (const std::string_view each : plan::rows(plan_.paths, row.inputs)) {
        std::string pattern(each);
        std::string digest = co_await input(std::move(pattern));
        parts.emplace_back("input " + std::string(each), std::move(digest));
    }
    for (const plan::index before : plan::rows(plan_.predecessors, row.predecessors)) {
        bool by_value =
            values.count(before) != 0;  // the only dependency is the value: its attempt does not count
        for (const plan::reference& reference : plan::rows(plan_.references, row.references))
            by_value = by_value && reference.producer != before;
        if (!by_value)
            parts.emplace_back("task " + std::string(plan_.tasks[before].name),
                               "attempt " + std::to_string(so_far.tasks[before].attempts));
    }
    std::string outputs;
    for (const std::string_view each : plan::rows(plan_.paths, row.outputs)) detail::add_text(outputs, each);
    outputs += ';';
    for (const std::string_view each : plan::rows(plan_.paths, row.collected))
        detail::add_text(outputs, each);
    parts.emplace_back("outputs", detail::part_digest(outputs));
    const std::string where = at.name.empty() ? "this machine" : at.name + ' ' + at.machine;
    parts.emplace_back("host", where + " in " + at.directory);
    co_return parts;
}

}  // namespace weft::journal
