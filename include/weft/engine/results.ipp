// SPDX-License-Identifier: MIT
#pragma once

#include <weft/engine/options.hpp>
#include <weft/engine/results.hpp>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <functional>
#include <set>
#include <sstream>
#include <string_view>
#include <system_error>
#include <vector>

namespace weft::engine {

namespace detail {

/// Prefix of all arrival directories.
inline constexpr std::string_view arrival_mark = ".weft-";

/// Whether `name` starts like an arrival directory: the mark and a run's name,
/// `<workflow>-<date>-<time>-<random>`. weft removes nothing else: the user may have a `.weft-state` there.
WEFT_INLINE bool is_arrival(const std::string& name) {
    constexpr std::string_view form = "-dddddddd-dddddd-rrrrrrrrrr-";
    if (!name.starts_with(arrival_mark)) return false;
    const auto fits = [&](std::size_t at) {
        for (std::size_t i = 0; i < form.size(); ++i) {
            const char is = name[at + i];
            const bool digit = is >= '0' && is <= '9';
            const bool random = digit || (is >= 'a' && is <= 'z');
            if (form[i] == 'd' ? !digit : form[i] == 'r' ? !random : is != form[i]) return false;
        }
        return true;
    };
    for (std::size_t at = arrival_mark.size(); at + form.size() <= name.size(); ++at)
        if (fits(at)) return true;
    return false;
}

WEFT_INLINE std::vector<std::string> entries(const std::string& directory,
                                             const std::function<bool(const std::string&)>& wanted) {
    std::error_code error;
    std::vector<std::string> found;
    for (std::filesystem::directory_iterator each(directory, error), end; !error && each != end;
         each.increment(error))
        if (wanted(each->path().filename().string())) found.push_back(each->path().string());
    return found;
}

/// The process that holds the lock of an open file, as ` (process 123)`; "" when the kernel does not report
/// it.
WEFT_INLINE std::string lock_holder(const os::descriptor& file) {
    struct stat status {};
    if (::fstat(file.get(), &status) != 0) return {};
    const std::string inode = ':' + std::to_string(status.st_ino);
    std::ifstream locks("/proc/locks");
    for (std::string line; std::getline(locks, line);) {
        std::istringstream fields(line);
        std::string number, kind, mode, access, process, where;
        fields >> number >> kind >> mode >> access >> process >> where;
        if (kind == "FLOCK" && where.ends_with(inode)) return " (process " + process + ')';
    }
    return {};
}

}  // namespace detail

WEFT_INLINE results_lock::results_lock(const std::string& directory)
    : directory_(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
    if (!directory_)
        throw options_error("the results directory " + directory + " cannot be read (" +
                            std::strerror(errno) + "): choose another with --results");
    if (::flock(directory_.get(), LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK)
        throw options_error("the results directory " + directory + " is in use by another run" +
                            detail::lock_holder(directory_) +
                            ": wait for it to end, or choose another directory with --results");
}

WEFT_INLINE std::string arrival_of(const std::string& results, const std::string& run,
                                   const std::string& task, unsigned session) {
    // One name, not a path: a nested task must not leave directories of its workflow. No task name contains a
    // tilde.
    std::string name = task;
    std::replace(name.begin(), name.end(), '/', '~');
    const std::string tail = session > 1 ? '~' + std::to_string(session) : "";
    return results + '/' + std::string(detail::arrival_mark) + run + '-' + name + tail;
}

WEFT_INLINE std::vector<std::string> arrivals_of(const std::string& results, const std::string& run) {
    return detail::entries(results, [mark = std::string(detail::arrival_mark) + run +
                                            '-'](const std::string& name) { return name.starts_with(mark); });
}

WEFT_INLINE std::vector<std::string> old_arrivals(const std::string& results) {
    return detail::entries(results, detail::is_arrival);
}

WEFT_INLINE std::vector<std::string> not_arrived(std::vector<std::string> found,
                                                 const std::vector<std::string>& arrived) {
    std::set<std::string_view> whole(arrived.begin(), arrived.end());
    std::set<std::string_view> around;
    for (const std::string_view path : arrived)
        for (auto slash = path.find('/'); slash != path.npos; slash = path.find('/', slash + 1))
            around.insert(path.substr(0, slash));
    std::erase_if(found, [&](const std::string_view path) {
        if (whole.contains(path) || around.contains(path)) return true;
        for (auto slash = path.find('/'); slash != path.npos; slash = path.find('/', slash + 1))
            if (whole.contains(path.substr(0, slash))) return true;
        return false;
    });
    std::sort(found.begin(), found.end());
    found.erase(std::unique(found.begin(), found.end()), found.end());
    return found;
}

}  // namespace weft::engine
