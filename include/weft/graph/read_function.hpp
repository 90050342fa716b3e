// SPDX-License-Identifier: MIT
#pragma once

#include <weft/dsl/function.hpp>
#include <weft/graph/part.hpp>
#include <weft/text/glob.hpp>
#include <weft/text/name.hpp>
#include <weft/text/path.hpp>
#include <weft/text/search.hpp>

#include <cstddef>
#include <cstdint>

namespace weft::graph {

/// The source of a function's argument.
enum class argument_kind : std::uint8_t { value, parameter, file };

/// The source of an argument, with its names.
struct argument_word {
    argument_kind kind = argument_kind::value;
    named name{};           ///< of the task ("winter/plot" in a nested workflow) or of the parameter
    text::slice path{};     ///< of a file: escapes decoded; a glob as written
    text::slice written{};  ///< the path as written
};
/// Decodes the escapes in a file's path, if it has any and is not a glob.
template <text::fixed_string Path>
struct file_path {
    char characters[sizeof(Path)]{};
    index size = 0;

    consteval file_path() {
        for (std::size_t at = 0; at < Path.view().size();) {
            const char c = text::decoded(Path.view(), at);
            if (c == '\0') break;  // the check of the path reports it
            characters[size++] = c;
        }
    }
};
template <text::fixed_string Path>
inline constexpr text::slice path_of = text::sliced(Path.view());
template <text::fixed_string Path>
inline constexpr file_path<Path> decoded_path{};
template <text::fixed_string Path>
requires(text::contains(Path.view(), '%') &&
         !text::is_glob(Path.view())) inline constexpr text::slice path_of<Path> = {
    decoded_path<Path>.characters, decoded_path<Path>.size};

template <class Argument>
inline constexpr argument_word word_of{};
template <text::fixed_string Task>
inline constexpr argument_word word_of<dsl::from_argument<Task>>{argument_kind::value, name_of(Task.view())};
template <text::fixed_string Parameter>
inline constexpr argument_word word_of<dsl::value_argument<Parameter>>{argument_kind::parameter,
                                                                       name_of(Parameter.view())};
template <text::fixed_string Task, text::fixed_string Path>
inline constexpr argument_word word_of<dsl::file_argument<Task, Path>>{
    argument_kind::file, name_of(Task.view()), path_of<Path>, text::sliced(Path.view())};

constexpr std::size_t count_words(const argument_word* words, std::size_t size, argument_kind kind) {
    std::size_t count = 0;
    for (std::size_t at = 0; at < size; ++at) count += words[at].kind == kind;
    return count;
}

/// An argument by its index among those of its kind; for parameters, which may be taken twice, among the
/// distinct ones.
struct argument_place {
    argument_kind kind = argument_kind::value;
    index at = 0;
};

/// The names in the arguments of a function. One function reads them all: a lambda in a template would be a
/// class with several functions for each task.
template <std::size_t Arguments, std::size_t Parameters, std::size_t Files>
struct argument_table {
    argument_place places[Arguments + 1]{};
    named from[Arguments + 1]{};  ///< tasks whose values are taken
    placeholder parameters[Parameters + 1]{};
    mention files[Files + 1]{};
    index from_count = 0;
    index parameter_count = 0;
    index file_count = 0;
    text::command_error error = text::command_error::none;  ///< of the first invalid file
    text::slice culprit{};

    constexpr explicit argument_table(const argument_word* words) {
        for (std::size_t argument = 0; argument < Arguments; ++argument) {
            const argument_word& word = words[argument];
            index at = 0;
            if (word.kind == argument_kind::value)
                from[at = from_count++] = word.name;
            else if (word.kind == argument_kind::parameter)
                at = add_parameter(word.name);
            else
                add_file(word, at = file_count++);
            places[argument] = {word.kind, at};
        }
    }

private:
    constexpr index add_parameter(const named& name) {
        index at = 0;
        while (at < parameter_count && !(parameters[at].name == name)) ++at;
        if (at == parameter_count) parameters[parameter_count++].name = name;
        return at;
    }
    constexpr void add_file(const argument_word& word, index at) {
        const std::string_view task = word.name.name.view();
        const std::size_t slash = text::find_last(task, '/');
        if (slash != text::nowhere) files[at].workflow = name_of(task.substr(0, slash));
        files[at].task = name_of(task.substr(slash + 1));
        files[at].whole = word.written;
        files[at].path = word.path;
        files[at].glob = text::is_glob(word.written.view());
        if (error != text::command_error::none) return;
        error = text::find_placeholder(word.written.view()).size != 0
                    ? text::command_error::literal_placeholder
                    : text::check_path(word.written.view());
        culprit = word.written;
    }
};

template <class... Arguments>
struct argument_rows {
    static constexpr std::size_t count = sizeof...(Arguments);
    static constexpr argument_word words[] = {word_of<Arguments>..., {}};
    static constexpr argument_table<count, count_words(words, count, argument_kind::parameter),
                                    count_words(words, count, argument_kind::file)>
        table{words};
};

}  // namespace weft::graph
