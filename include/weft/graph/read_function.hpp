// SPDX-License-Identifier: MIT
#pragma once

#include <weft/dsl/function.hpp>
#include <weft/dsl/workflow.hpp>
#include <weft/graph/part.hpp>
#include <weft/text/path.hpp>
#include <weft/text/search.hpp>

#include <cstddef>

namespace weft::graph {

/// The arguments of a function among those of one kind, as `Kept`.
template <class Kept, class... Arguments>
struct from_arguments {
    using type = Kept;
};
template <class... Kept, text::fixed_string Task, class... Rest>
struct from_arguments<dsl::types<Kept...>, dsl::from_argument<Task>, Rest...>
    : from_arguments<dsl::types<Kept..., dsl::from_argument<Task>>, Rest...> {};
template <class... Kept, class Other, class... Rest>
struct from_arguments<dsl::types<Kept...>, Other, Rest...> : from_arguments<dsl::types<Kept...>, Rest...> {};

template <class Argument>
inline constexpr std::string_view parameter_of{};
template <text::fixed_string Parameter>
inline constexpr std::string_view parameter_of<dsl::value_argument<Parameter>> = Parameter.view();

/// The file that an argument names, as a reference of a command would.
struct file_row {
    bool is = false;
    mention file{};
    text::command_error error = text::command_error::none;
};
template <class Argument>
inline constexpr file_row file_of{};
template <text::fixed_string Task, text::fixed_string Path>
inline constexpr file_row file_of<dsl::file_argument<Task, Path>> = [] {
    file_row row{true};
    const std::size_t slash = text::find_last(Task.view(), '/');
    if (slash != text::nowhere) row.file.workflow = name_of(Task.view().substr(0, slash));
    row.file.task = name_of(Task.view().substr(slash + 1));
    row.file.whole = row.file.path = text::sliced(Path.view());
    row.error = text::check_path(Path.view());
    return row;
}();

/// The files that a function takes.
template <std::size_t Most>
struct file_rows {
    mention rows[Most + 1]{};
    index count = 0;
    index of_argument[Most + 1]{};  ///< which of `rows` an argument is; `absent` if it is no file
    text::command_error error = text::command_error::none;  ///< of the first that is wrong
    text::slice culprit{};
};

/// The distinct parameters that a function takes.
template <std::size_t Most>
struct value_rows {
    placeholder rows[Most + 1]{};
    index count = 0;
    index of_argument[Most + 1]{};  ///< which of `rows` an argument is; `absent` if it is no parameter
};

/// What the arguments of a function name.
template <class... Arguments>
struct argument_rows {
    using from = typename from_arguments<dsl::types<>, Arguments...>::type;

    static constexpr value_rows<sizeof...(Arguments)> placed = [] {
        value_rows<sizeof...(Arguments)> values;
        constexpr std::string_view names[] = {parameter_of<Arguments>..., {}};
        for (std::size_t argument = 0; argument < sizeof...(Arguments); ++argument) {
            values.of_argument[argument] = absent;
            if (names[argument].empty()) continue;
            const named name = name_of(names[argument]);
            index at = 0;
            while (at < values.count && !(values.rows[at].name == name)) ++at;
            if (at == values.count) values.rows[values.count++].name = name;
            values.of_argument[argument] = at;
        }
        return values;
    }();
    static constexpr file_rows<sizeof...(Arguments)> files = [] {
        file_rows<sizeof...(Arguments)> all;
        const file_row found[] = {file_of<Arguments>..., {}};
        for (std::size_t argument = 0; argument < sizeof...(Arguments); ++argument) {
            all.of_argument[argument] = absent;
            if (!found[argument].is) continue;
            all.of_argument[argument] = all.count;
            all.rows[all.count++] = found[argument].file;
            if (all.error != text::command_error::none) continue;
            all.error = found[argument].error;
            all.culprit = found[argument].file.path;
        }
        return all;
    }();
    static constexpr list<mention> mentions() { return {files.rows, files.count}; }
    static constexpr list<placeholder> values() { return {placed.rows, placed.count}; }
};

}  // namespace weft::graph
