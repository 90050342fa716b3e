// SPDX-License-Identifier: MIT
#pragma once

#include <weft/graph/part.hpp>
#include <weft/graph/read_action.hpp>

namespace weft::graph {

template <text::fixed_string... Names>
struct name_rows {
    static constexpr std::array<named, sizeof...(Names)> rows{named(Names.view())...};
};

/// What a modifier names.
template <class Modifier>
inline constexpr modifier_row read_modifier{};
template <text::fixed_string Host>
inline constexpr modifier_row read_modifier<dsl::on_modifier<Host>>{modifier_kind::on, name_rows<Host>::rows};
template <text::fixed_string... Names>
inline constexpr modifier_row read_modifier<dsl::after_modifier<Names...>>{modifier_kind::after,
                                                                           name_rows<Names...>::rows};
template <text::fixed_string... Names>
inline constexpr modifier_row read_modifier<dsl::outputs_modifier<Names...>>{modifier_kind::outputs,
                                                                             name_rows<Names...>::rows};
template <text::fixed_string... Names>
inline constexpr modifier_row read_modifier<dsl::inputs_modifier<Names...>>{modifier_kind::inputs,
                                                                            name_rows<Names...>::rows};
template <text::fixed_string... Names>
inline constexpr modifier_row read_modifier<dsl::collect_modifier<Names...>>{modifier_kind::collect,
                                                                             name_rows<Names...>::rows};
template <text::fixed_string Name>
inline constexpr modifier_row read_modifier<dsl::env_modifier<Name>>{modifier_kind::env,
                                                                     name_rows<Name>::rows};

template <class... Modifiers>
struct modifier_rows {
    static constexpr std::array<modifier_row, sizeof...(Modifiers)> rows{read_modifier<Modifiers>...};
};

/// The row of a declared part.
template <class Part>
inline constexpr bool is_part = false;
template <class Part>
struct part_reader;

template <text::fixed_string Name, class Action, std::size_t Variables, class... Modifiers>
inline constexpr bool is_part<dsl::task_type<Name, Action, Variables, Modifiers...>> = true;
template <text::fixed_string Name, class Action, std::size_t Variables, class... Modifiers>
struct part_reader<dsl::task_type<Name, Action, Variables, Modifiers...>> {
    static constexpr part_row row{
        part_kind::task,
        named(Name.view()),
        arguments_of<Action>::shell,
        sizes_of<Action>.error,
        sizes_of<Action>.culprit,
        read_action_rows<Action>.pieces,
        {read_action_rows<Action>.mentions.data(), read_action_rows<Action>.mention_count},
        {read_action_rows<Action>.placeholders.data(), read_action_rows<Action>.placeholder_count},
        modifier_rows<Modifiers...>::rows};
};

template <text::fixed_string Name>
inline constexpr bool is_part<dsl::host_type<Name>> = true;
template <text::fixed_string Name>
struct part_reader<dsl::host_type<Name>> {
    static constexpr part_row row{part_kind::host, named(Name.view())};
};

template <text::fixed_string Name, class T, bool Optional>
inline constexpr bool is_part<dsl::param_type<Name, T, Optional>> = true;
template <text::fixed_string Name, class T, bool Optional>
struct part_reader<dsl::param_type<Name, T, Optional>> {
    static constexpr part_row row{part_kind::param, named(Name.view())};
};
template <text::fixed_string Name, class T>
inline constexpr bool is_part<dsl::param_maker<Name, T>> = true;
template <text::fixed_string Name, class T>
struct part_reader<dsl::param_maker<Name, T>> : part_reader<dsl::param_type<Name, T, false>> {};

/// What a workflow is made of: tasks, hosts and parameters.
template <class T>
concept part = is_part<T>;

}  // namespace weft::graph
