// SPDX-License-Identifier: MIT
#pragma once

#include <weft/dsl/host.hpp>
#include <weft/dsl/param.hpp>
#include <weft/dsl/task.hpp>
#include <weft/graph/part.hpp>
#include <weft/graph/read_action.hpp>
#include <weft/text/name.hpp>

#include <span>
#include <string_view>
#include <type_traits>

namespace weft::graph {

template <text::fixed_string... Names>
struct name_rows {
    static constexpr named rows[] = {named(Names.view())...};
    static constexpr std::span<const named> all = rows;
};
template <>
struct name_rows<> {
    static constexpr std::span<const named> all{};
};

/// What a modifier names.
template <class Modifier>
inline constexpr modifier_row read_modifier{};
template <text::fixed_string Host>
inline constexpr modifier_row read_modifier<dsl::on_modifier<Host>>{modifier_kind::on, name_rows<Host>::all};
template <text::fixed_string... Names>
inline constexpr modifier_row read_modifier<dsl::after_modifier<Names...>>{modifier_kind::after,
                                                                           name_rows<Names...>::all};
template <text::fixed_string... Names>
inline constexpr modifier_row read_modifier<dsl::outputs_modifier<Names...>>{modifier_kind::outputs,
                                                                             name_rows<Names...>::all};
template <text::fixed_string... Names>
inline constexpr modifier_row read_modifier<dsl::inputs_modifier<Names...>>{modifier_kind::inputs,
                                                                            name_rows<Names...>::all};
template <text::fixed_string... Names>
inline constexpr modifier_row read_modifier<dsl::collect_modifier<Names...>>{modifier_kind::collect,
                                                                             name_rows<Names...>::all};
template <text::fixed_string Name>
inline constexpr modifier_row read_modifier<dsl::env_modifier<Name>>{modifier_kind::env,
                                                                     name_rows<Name>::all};

template <class... Modifiers>
struct modifier_rows {
    static constexpr modifier_row rows[] = {read_modifier<Modifiers>...};
    static constexpr std::span<const modifier_row> all = rows;
};
template <>
struct modifier_rows<> {
    static constexpr std::span<const modifier_row> all{};
};

/// What is wrong with a task whatever else is in its workflow; its command comes after its name.
constexpr defect inspect(const part_row& task, text::command_error error, std::string_view culprit) {
    if (!text::is_name(task.name.name)) return {defect::place::name, {}, task.name.name};
    if (error != text::command_error::none) return {defect::place::command, error, culprit};
    defect found;
    for (const modifier_row& modifier : task.modifiers) {
        for (const named& one : modifier.names) {
            using enum modifier_kind;
            if (modifier.kind == outputs || modifier.kind == collect) {
                const text::command_error wrong = text::check_path(one.name);
                if (wrong != text::command_error::none) found = {defect::place::output, wrong, one.name};
            } else if (modifier.kind == env && !text::is_identifier(one.name)) {
                found = {defect::place::variable, {}, one.name};
            }
        }
    }
    return found;
}

/// The row of a declared part.
template <class Part>
struct part_reader;

template <text::fixed_string Name, class Action, std::size_t Variables, class... Modifiers>
struct part_reader<dsl::task_type<Name, Action, Variables, Modifiers...>> {
    static consteval part_row read() {
        constexpr const auto& action = read_action_rows<Action>;
        part_row row{part_kind::task, named(Name.view())};
        row.shell = action_reader<Action>::shell;
        row.pieces = {action.pieces, action.piece_count};
        row.mentions = {action.mentions, action.mention_count};
        row.placeholders = {action.placeholders, action.placeholder_count};
        row.modifiers = modifier_rows<Modifiers...>::all;
        row.wrong = inspect(row, action.error, action.culprit);
        return row;
    }
};

template <text::fixed_string Name>
struct part_reader<dsl::host_type<Name>> {
    static consteval part_row read() {
        part_row row{part_kind::host, named(Name.view())};
        if (!text::is_name(Name.view())) row.wrong = {defect::place::name, {}, Name.view()};
        return row;
    }
};

template <text::fixed_string Name, class T, bool Optional>
struct part_reader<dsl::param_type<Name, T, Optional>> {
    static consteval part_row read() {
        part_row row{part_kind::param, named(Name.view())};
        row.number = std::is_arithmetic_v<T> && !std::is_same_v<T, bool>;
        if (!text::is_identifier(Name.view())) row.wrong = {defect::place::name, {}, Name.view()};
        return row;
    }
};
template <text::fixed_string Name, class T>
struct part_reader<dsl::param_maker<Name, T>> : part_reader<dsl::param_type<Name, T, false>> {};

/// What a workflow is made of: tasks, hosts and parameters.
template <class T>
concept part = requires {
    part_reader<T>::read();
};

}  // namespace weft::graph
