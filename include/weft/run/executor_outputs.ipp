// SPDX-License-Identifier: MIT
#pragma once

#include <weft/run/arrivals.hpp>
#include <weft/run/executor.hpp>
#include <weft/text/glob.hpp>

#include <exception>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

// What a task leaves: whether it is what was promised, and the way home.

namespace weft::engine {

WEFT_INLINE os::async<void> executor::check_outputs(plan::index task, std::optional<std::size_t> missing) {
    place& at = *tasks_[task].at;
    const std::string scratch = report_.tasks[task].scratch;
    const auto all = plan::rows(plan_.paths, plan_.tasks[task].outputs);
    for (std::size_t number = missing.value_or(0); number < all.size(); ++number) {
        std::string pattern(all[number]);
        const auto found = co_await at.contents->match(scratch, pattern, text::is_glob(pattern));
        if (found.empty())
            throw place_error("it left no '" + pattern + "', which it promised, in " + at.show(scratch));
    }
}

WEFT_INLINE os::async<executor::found_paths> executor::find_collected(plan::index task) {
    place& at = *tasks_[task].at;
    const std::string scratch = report_.tasks[task].scratch;
    found_paths all;
    for (const std::string_view wanted : plan::rows(plan_.paths, plan_.tasks[task].collected)) {
        std::string pattern(wanted);
        auto paths = co_await at.contents->match(scratch, pattern, text::is_glob(pattern));
        if (paths.empty())
            throw place_error("it left no '" + pattern + "' to collect in " + at.show(scratch));
        all.push_back(std::move(paths));
    }
    co_return all;
}

WEFT_INLINE os::async<void> executor::collect(plan::index task, found_paths found) {
    place& at = *tasks_[task].at;
    place& here = places_.front();
    const std::string scratch = report_.tasks[task].scratch;
    const std::string name = report_.tasks[task].name;
    const std::string target = how_.results + '/' + name;
    for (const std::vector<std::string>& paths : found) {
        const std::string arrived = arrival_of(how_.results, how_.run, name, how_.session);
        std::vector<std::string> wanted = paths;
        co_await mover_.copy(*at.contents, scratch, std::move(wanted), *here.contents, arrived,
                             staging_stop_.get_token());
        std::exception_ptr trouble;
        try {
            for (const std::string& path : paths) {
                const std::string final_name = target + '/' + path;
                if (!std::filesystem::exists(std::filesystem::symlink_status(arrived + '/' + path)))
                    throw place_error("'" + path + "' did not arrive from " + at.show(scratch));
                // What an earlier run brought home is replaced; a file in one step, a directory after its
                // removal.
                if (std::filesystem::is_directory(std::filesystem::symlink_status(final_name)))
                    co_await here.contents->remove(final_name);
                std::filesystem::create_directories(std::filesystem::path(final_name).parent_path());
                std::filesystem::rename(arrived + '/' + path, final_name);
                listener_.collected(name, path, final_name);
            }
        } catch (const std::exception&) {
            trouble = std::current_exception();
        }
        co_await here.contents->remove(arrived);
        if (trouble) std::rethrow_exception(trouble);
    }
}

}  // namespace weft::engine
