// SPDX-License-Identifier: MIT
#pragma once

#include <weft/run/arrivals.hpp>

#include <filesystem>
#include <system_error>
#include <vector>

namespace weft::engine {

namespace detail {

WEFT_INLINE std::string arrivals_of_run(const std::string& run) {
    return ".weft-" + run + '-';
}

}  // namespace detail

WEFT_INLINE std::string arrival_of(const std::string& results, const std::string& run,
                                   const std::string& task, unsigned session) {
    const std::string tail = session > 1 ? '~' + std::to_string(session) : "";
    return results + '/' + detail::arrivals_of_run(run) + task + tail;
}

WEFT_INLINE void remove_arrivals(const std::string& results, const std::string& run) {
    std::error_code error;
    std::vector<std::filesystem::path> left;
    for (std::filesystem::directory_iterator each(results, error), end; !error && each != end;
         each.increment(error))
        if (each->path().filename().string().starts_with(detail::arrivals_of_run(run)))
            left.push_back(each->path());
    for (const auto& path : left) std::filesystem::remove_all(path, error);
}

}  // namespace weft::engine
