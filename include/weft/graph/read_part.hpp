// SPDX-License-Identifier: MIT
#pragma once

#include <weft/dsl/host.hpp>
#include <weft/dsl/param.hpp>
#include <weft/dsl/task.hpp>
#include <weft/dsl/workflow.hpp>
#include <weft/graph/part_rows.hpp>
#include <weft/graph/read_action.hpp>
#include <weft/graph/read_function.hpp>
#include <weft/graph/read_long_action.hpp>
#include <weft/graph/read_modifier.hpp>
#include <weft/text/name.hpp>

#include <cstddef>
#include <string_view>
#include <type_traits>

namespace weft::graph {

template <class>
inline constexpr bool is_part = false;

/// How a declared part becomes rows. `sizes` of a reader is the number of rows; `read()` makes them, and
/// `read_in<Prefix>()` makes those of a part of a nested workflow.
template <class Part>
struct part_reader {
    static_assert(is_part<Part>, "weft: a workflow is made of tasks, hosts, parameters and other workflows");
    static constexpr part_sizes sizes{};
    static consteval part_row read() { return {}; }
};

/// In place of a part whose row is elsewhere.
struct no_part {};
template <>
struct part_reader<no_part> {
    static consteval no_row read() { return {}; }
};

/// A task that runs a command: one row. (Not a member of a template, which would be one more for each task.)
struct one_row {
    static constexpr part_sizes sizes{};
};

/// For a part that is one row in every position.
template <class Reader>
struct single_row : one_row {
    template <text::fixed_string Prefix>
    static consteval part_row read_in() {
        return Reader::read();
    }
};

/// "winter/plot" of "winter" and "plot".
template <text::fixed_string Prefix, text::fixed_string Name>
inline constexpr auto joined = [] {
    text::fixed_string<sizeof(Prefix) + sizeof(Name)> path;
    std::size_t at = 0;
    for (const char c : Prefix.view()) path.characters[at++] = c;
    path.characters[at++] = '/';
    for (const char c : Name.view()) path.characters[at++] = c;
    return path;
}();

template <class Rows>
constexpr part_row task_row(std::string_view name, bool shell, const Rows& action,
                            list<modifier_row> modifiers) {
    const named own = name_of(name);
    return {.kind = part_kind::task,
            .misnamed = !text::is_name(name),
            .shell = shell,
            .error = action.error,
            .culprit = action.culprit,
            .place = action.place,
            .name = own,
            .path = own.name,
            .pieces = {action.pieces, action.piece_count},
            .mentions = {action.mentions, action.mention_count},
            .placeholders = {action.placeholders, action.placeholder_count},
            .modifiers = modifiers};
}

template <text::fixed_string Name, class Action, std::size_t Variables, class... Modifiers>
struct part_reader<dsl::task_type<Name, Action, Variables, Modifiers...>> : one_row {
    static consteval part_row read() {
        if constexpr (sizeof...(Modifiers) == 0)
            return task_row(Name.view(), runs_in_shell<Action>, action_rows_of<Action>, {});
        else
            return task_row(Name.view(), runs_in_shell<Action>, action_rows_of<Action>,
                            {modifier_rows<Modifiers...>, sizeof...(Modifiers)});
    }
    template <text::fixed_string Prefix>
    static consteval part_row read_in() {
        part_row row = read();
        row.path = text::sliced(joined<Prefix, Name>.view());
        return row;
    }
};

template <text::fixed_string Name, class Callable, class... Arguments, std::size_t Variables,
          class... Modifiers>
struct part_reader<
    dsl::task_type<Name, dsl::function_action<Callable, Arguments...>, Variables, Modifiers...>> {
    static constexpr part_sizes sizes{1, 0, false, true, !dsl::is_stateless<Callable>};
    using arguments = argument_rows<Arguments...>;
    static constexpr modifier_row modifiers[] = {
        {modifier_kind::from, {arguments::table.from, arguments::table.from_count}},
        read_modifier<Modifiers>...};

    static consteval part_row read() {
        const auto& table = arguments::table;
        const named own = name_of(Name.view());
        return {.kind = part_kind::task,
                .misnamed = !text::is_name(Name.view()),
                .shell = false,
                .function = true,
                .error = table.error,
                .culprit = table.culprit,
                .name = own,
                .path = own.name,
                .mentions = {table.files, table.file_count},
                .placeholders = {table.parameters, table.parameter_count},
                .modifiers = {modifiers, sizeof...(Modifiers) + 1}};
    }
    template <text::fixed_string Prefix>
    static consteval part_row read_in() {
        part_row row = read();
        row.path = text::sliced(joined<Prefix, Name>.view());
        return row;
    }
};

template <text::fixed_string Name>
struct part_reader<dsl::host_type<Name>> : single_row<part_reader<dsl::host_type<Name>>> {
    static consteval part_row read() {
        part_row row;
        row.kind = part_kind::host;
        row.name = name_of(Name.view());
        row.misnamed = !text::is_name(Name.view());
        return row;
    }
};

template <class T>
inline constexpr char type_mark{};

template <text::fixed_string Name, class T, bool Optional>
struct part_reader<dsl::param_type<Name, T, Optional>>
    : single_row<part_reader<dsl::param_type<Name, T, Optional>>> {
    static constexpr part_sizes sizes{1, 0, true, false, false};
    static consteval part_row read() {
        part_row row;
        row.kind = part_kind::param;
        row.name = name_of(Name.view());
        row.misnamed = !text::is_identifier(Name.view());
        row.number = (std::is_arithmetic_v<T> && !std::is_same_v<T, bool>) || std::is_same_v<T, bytes>;
        row.several = dsl::list_like<T>;
        row.type = &type_mark<T>;
        return row;
    }
};
template <text::fixed_string Name, class T>
struct part_reader<dsl::param_maker<Name, T>> : part_reader<dsl::param_type<Name, T, false>> {};

/// Writes a binding of `with` into the row of the nested workflow's parameter.
template <class Binding>
struct binding_reader;
template <text::fixed_string Inner, class Value>
struct binding_reader<dsl::value_binding<Inner, Value>> {
    static constexpr named inner = name_of(Inner.view());
    static constexpr void bind(part_row& row) { row.bound = true; }
};
template <text::fixed_string Inner, text::fixed_string Outer>
struct binding_reader<dsl::parameter_binding<Inner, Outer>> {
    static constexpr named inner = name_of(Inner.view());
    static constexpr void bind(part_row& row) { row.alias = name_of(Outer.view()); }
};

/// Binds a parameter of the workflow whose parts are `all`.
template <class Binding, std::size_t Rows, std::size_t Scopes>
constexpr bool bind_in(part_rows<Rows, Scopes>& all) {
    for (index at = 0; at < all.count; ++at) {
        part_row& row = all.rows[at];
        if (row.kind != part_kind::param || row.scope != 0 || !(row.name == binding_reader<Binding>::inner))
            continue;
        binding_reader<Binding>::bind(row);
        return true;
    }
    all.scopes[0].unbound = binding_reader<Binding>::inner.name;
    return false;
}

template <text::fixed_string Name, text::fixed_string Declared, class Values, class... Parts,
          class... Bindings>
struct part_reader<dsl::nested_type<Name, Declared, Values, dsl::types<Parts...>, dsl::types<Bindings...>>> {
    static constexpr part_sizes inner = sum({part_reader<Parts>::sizes...});
    static constexpr part_sizes sizes{inner.rows, inner.scopes + 1, inner.parameters, inner.functions,
                                      inner.callables};

    template <text::fixed_string Path>
    static consteval auto read_at() {
        const scope_row self{0, name_of(Name.view()), name_of(Declared.view())};
        auto all =
            put_together<sizes.rows, sizes.scopes>(self, part_reader<Parts>::template read_in<Path>()...);
        (void)std::initializer_list<bool>{true, bind_in<Bindings>(all)...};
        return all;
    }
    static consteval auto read() { return read_at<Name>(); }
    template <text::fixed_string Prefix>
    static consteval auto read_in() {
        return read_at<joined<Prefix, Name>>();
    }
};

template <text::fixed_string Name, class Rows, class... Parts>
struct part_reader<workflow_type<Name, Rows, Parts...>>
    : part_reader<dsl::nested_type<Name, Name, Rows, dsl::types<Parts...>, dsl::types<>>> {};

}  // namespace weft::graph
