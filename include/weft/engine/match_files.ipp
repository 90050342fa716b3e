// SPDX-License-Identifier: MIT
#pragma once

#include <weft/engine/match_files.hpp>
#include <weft/text/glob.hpp>
#include <weft/text/wanted_path.hpp>

#include <dirent.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <memory>

namespace weft::engine {

namespace detail {

/// Splits "../data/*/x.nc" before the first component with a wildcard: "../data", "*/x.nc".
WEFT_INLINE std::pair<std::string_view, std::string_view> split_at_wildcard(std::string_view written) {
    const std::size_t wildcard = written.find_first_of("*?[");
    const std::size_t slash = written.substr(0, wildcard).rfind('/');
    if (slash == written.npos) return {{}, written};
    return {written.substr(0, std::max<std::size_t>(slash, 1)), written.substr(slash + 1)};
}

WEFT_INLINE void match_below(const std::string& directory, const std::string& prefix,
                             std::string_view pattern, std::vector<std::string>& found) {
    const std::size_t end = text::component_end(pattern, 0);
    const std::string_view component = pattern.substr(0, end);
    const bool last = end == pattern.size();
    const std::string_view rest =
        last ? std::string_view() : pattern.substr(text::behind_slash(pattern, end));
    const auto take = [&](const std::string& name) {
        if (last)
            found.push_back(prefix + name);
        else
            match_below(directory, prefix + name + '/', rest, found);
    };
    if (!text::is_glob(component)) {
        const std::string name = text::without_escapes(component);
        struct stat status {};
        if (!last || ::lstat((directory + '/' + prefix + name).c_str(), &status) == 0) take(name);
        return;
    }
    const std::unique_ptr<DIR, int (*)(DIR*)> entries(::opendir((directory + '/' + prefix).c_str()),
                                                      &::closedir);
    while (const dirent* const entry = entries ? ::readdir(entries.get()) : nullptr)
        if (text::matches_component(component, entry->d_name)) take(entry->d_name);
}

}  // namespace detail

WEFT_INLINE std::vector<std::string> match_files(const std::string& directory, std::string_view pattern) {
    std::vector<std::string> found;
    detail::match_below(directory, "", pattern, found);
    std::sort(found.begin(), found.end());
    return found;
}

WEFT_INLINE input_files find_inputs(const std::string& working_directory, std::string_view written) {
    namespace fs = std::filesystem;
    input_files found;
    found.glob = text::is_glob(written);
    std::string_view within = written;
    fs::path outside;
    if (found.glob) {
        const auto [before, rest] = detail::split_at_wildcard(written);
        const fs::path fixed = fs::path(text::without_escapes(before)).lexically_normal();
        found.below = fixed.is_relative() && (fixed.empty() || *fixed.begin() != "..");
        outside = fixed;
        // Folders below the working directory are kept, so they stay in the pattern.
        while (found.below && (within.starts_with("./") || within.starts_with("/"))) within.remove_prefix(1);
        if (!found.below) within = rest;
        found.within = within;
    } else {
        fs::path whole = fs::path(text::without_escapes(written)).lexically_normal();
        if (!whole.has_filename()) whole = whole.parent_path();
        found.below = whole.is_relative() && *whole.begin() != "..";
        outside = whole.parent_path();
        found.within = found.below ? whole.string() : whole.filename().string();
    }
    found.directory = (found.below ? fs::path(working_directory) : working_directory / outside).string();
    return found;
}

}  // namespace weft::engine
