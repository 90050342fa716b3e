// SPDX-License-Identifier: MIT
#pragma once

#include <weft/dsl/modifiers.hpp>
#include <weft/graph/part.hpp>

namespace weft::graph {

template <text::fixed_string... Names>
struct name_rows {
    static constexpr named rows[] = {name_of(Names.view())...};
    static constexpr list<named> all{rows, sizeof...(Names)};
};
template <>
struct name_rows<> {
    static constexpr list<named> all{};
};

/// The names in a modifier.
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

/// The modifiers of a task, in the order of the source.
template <class... Modifiers>
inline constexpr modifier_row modifier_rows[] = {read_modifier<Modifiers>...};

}  // namespace weft::graph
