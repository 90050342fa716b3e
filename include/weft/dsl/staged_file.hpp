// SPDX-License-Identifier: MIT
#pragma once

#include <weft/dsl/parameter_type.hpp>

#include <cstddef>
#include <string_view>

namespace weft {

namespace dsl {

// Not constexpr, and defined without <stdexcept> here: function/ defines it.
[[noreturn]] void refuse_as_one_file(std::size_t found);

/// `std::vector<std::filesystem::path>` and similar.
template <class T>
concept list_of_paths = requires(T& list, typename T::value_type path) {
    list.push_back(path);
}
&&path_like<typename T::value_type>;

}  // namespace dsl

/// The value of file<"task", "path"> in a function: the absolute path of the staged file or, for a glob, the
/// paths of all matches in order. It converts to std::filesystem::path, std::string_view, or a vector of
/// std::filesystem::path. The conversion of several files to one path throws std::length_error.
class staged_file {
public:
    staged_file(const std::string_view* paths, std::size_t count) : paths_(paths), count_(count) {}

    std::size_t size() const { return count_; }
    const std::string_view* begin() const { return paths_; }
    const std::string_view* end() const { return paths_ + count_; }

    operator std::string_view() const {
        if (count_ != 1) dsl::refuse_as_one_file(count_);
        return *paths_;
    }
    template <dsl::path_like Path>
    operator Path() const {
        return Path(static_cast<std::string_view>(*this));
    }
    template <dsl::list_of_paths List>
    operator List() const {
        List list;
        for (const std::string_view path : *this) list.push_back(typename List::value_type(path));
        return list;
    }

private:
    const std::string_view* paths_;
    std::size_t count_;
};

}  // namespace weft
