// SPDX-License-Identifier: MIT
#pragma once

#include <weft/engine/match_files.hpp>
#include <weft/engine/staging.hpp>

#include <algorithm>
#include <chrono>
#include <exception>
#include <filesystem>
#include <map>
#include <utility>

namespace weft::engine {

namespace detail {

/// A path below the working directory keeps its folders in the scratch; others keep only the last component.
WEFT_INLINE std::string place_of_input(const input_files& from, const std::string& path) {
    if (!from.below) return path.substr(path.rfind('/') + 1);
    const std::filesystem::path to = std::filesystem::path(path).lexically_normal();
    if (*to.begin() == "..")
        throw place_error("inputs<> names '" + path +
                          "', which is outside the working directory: use a path below it");
    return to.string();
}

}  // namespace detail

WEFT_INLINE staging::staging(const plan::view& plan, stager& mover, place& here, observer& listener,
                             unsigned session, std::string directory)
    : plan_(plan),
      mover_(mover),
      here_(here),
      listener_(listener),
      directory_(std::move(directory)),
      next_((session - 1) * 1000000) {}

WEFT_INLINE os::async<staged_inputs> staging::stage_in(plan::index task, place& at, std::string scratch,
                                                       const std::vector<source>& sources,
                                                       std::stop_token stop) {
    staged_inputs result;
    const plan::task& row = plan_.tasks[task];
    // Start all copies concurrently, so that transfers from several places overlap.
    std::vector<shared_copy> underway;
    for (const plan::reference& reference : plan::rows(plan_.references, row.references)) {
        const shared_copy& one = underway.emplace_back(std::make_shared<os::completion<copy>>());
        os::spawn(fetch(task, reference, at, sources[reference.producer], stop, one));
    }
    // Wait for all copies to end even if one fails.
    std::exception_ptr trouble;
    for (const shared_copy& one : underway) {
        try {
            co_await *one;
        } catch (const std::exception&) {
            if (!trouble) trouble = std::current_exception();
        }
    }
    if (trouble) std::rethrow_exception(trouble);
    std::size_t next = 0;
    for (const plan::reference& reference : plan::rows(plan_.references, row.references)) {
        const copy& staged = co_await *underway[next];
        ++next;
        const std::string below = ".weft/inputs/" + std::string(plan_.name) + '/' +
                                  std::string(plan_.tasks[reference.producer].name) + '/';
        auto& paths = result.paths.emplace_back();
        for (const std::string& path : staged.paths) {
            result.links.push_back({staged.directory, path, below + path});
            paths.push_back(scratch + '/' + below + path);
        }
    }
    std::map<std::string, std::string> origins;
    for (const std::string_view input : plan::rows(plan_.paths, row.inputs)) {
        const copy staged = co_await input_at_place(task, std::string(input), at, stop);
        const input_files from = find_inputs(directory_, input);
        for (const std::string& path : staged.paths) {
            std::string to = detail::place_of_input(from, path);
            // Of two files with one name, one would hide the other.
            const std::string file =
                (std::filesystem::path(from.directory) / path).lexically_normal().string();
            const auto [other, is_new] = origins.emplace(to, file);
            if (!is_new && other->second != file)
                throw place_error("two files of inputs<> would get the name '" + to + "': " + other->second +
                                  " and " + file + "; rename one of them");
            result.links.push_back({staged.directory, path, std::move(to)});
        }
    }
    for (const link& input : result.links)
        if (std::string why = spoiled({}, input); !why.empty()) throw place_error(why);
    co_return result;
}

WEFT_INLINE os::async<void> staging::fetch(plan::index consumer, plan::reference reference, place& at,
                                           source from, std::stop_token stop, shared_copy into) {
    std::exception_ptr trouble;
    try {
        copy staged = co_await at_place(consumer, reference, at, from, stop);
        into->set(std::move(staged));
    } catch (...) {
        trouble = std::current_exception();
    }
    if (trouble) into->fail(trouble);
}

WEFT_INLINE os::async<staging::copy> staging::at_place(plan::index consumer, const plan::reference& reference,
                                                       place& at, const source& from, std::stop_token stop) {
    std::string path(reference.path);
    if (from.at == &at) {
        copy here{from.scratch, {path}};
        // Without a glob, linking reports a missing file: this saves a round trip to the host.
        if (reference.glob) here.paths = co_await at.contents->match(from.scratch, path, true);
        if (here.paths.empty())
            throw place_error(std::string(plan_.tasks[reference.producer].name) +
                              " left nothing that matches '" + path + "' in " + at.show(from.scratch));
        co_return here;
    }
    key which{reference.producer, path, &at};
    std::string consumer_name(plan_.tasks[consumer].name);
    std::string producer_name(plan_.tasks[reference.producer].name);
    co_return co_await once(std::move(which), std::move(consumer_name), std::move(producer_name), *from.at,
                            from.scratch, path, reference.glob, stop);
}

WEFT_INLINE os::async<staging::copy> staging::input_at_place(plan::index consumer, std::string pattern,
                                                             place& at, std::stop_token stop) {
    input_files input = find_inputs(directory_, pattern);
    key which{plan::none, pattern, &at};
    std::string consumer_name(plan_.tasks[consumer].name);
    // Copied even on this machine: through a link the task could alter the user's own file.
    std::string no_producer;
    if (!input.glob) {
        const auto found = co_await here_.contents->match(input.directory, input.within, false);
        if (found.empty())
            throw place_error("its input '" + pattern + "' does not exist: there is no " + input.directory +
                              '/' + input.within);
    }
    co_return co_await once(std::move(which), std::move(consumer_name), std::move(no_producer), here_,
                            std::move(input.directory), std::move(input.within), input.glob, stop);
}

WEFT_INLINE os::async<staging::copy> staging::once(key which, std::string consumer, std::string producer,
                                                   place& from, std::string from_directory,
                                                   std::string pattern, bool glob, std::stop_token stop) {
    if (const auto found = copies_.find(which); found != copies_.end()) {
        const shared_copy shared = found->second;
        co_return co_await *shared;
    }
    const shared_copy shared = copies_.emplace(which, std::make_shared<os::completion<copy>>()).first->second;
    place& at = *std::get<place*>(which);
    std::exception_ptr error;
    try {
        const auto start = std::chrono::steady_clock::now();
        copy staged;
        staged.directory = at.directory + "/.staged/" + std::to_string(next_++);
        staged.paths = {pattern};
        if (glob) staged.paths = co_await from.contents->match(from_directory, pattern, true);
        if (staged.paths.empty())
            throw place_error((producer.empty() ? "nothing" : producer + " left nothing that") +
                              " matches '" + pattern + "' in " + from.show(from_directory));
        co_await mover_.copy(*from.contents, from_directory, staged.paths, *at.contents, staged.directory,
                             stop);
        listener_.staged(consumer, producer, pattern, from.name, at.name,
                         std::chrono::steady_clock::now() - start);
        shared->set(staged);
        co_return staged;
    } catch (...) {
        error = std::current_exception();
    }
    copies_.erase(which);  // a later attempt tries again
    shared->fail(error);
    std::rethrow_exception(error);
}

/// " of a" for a file of task a.
WEFT_INLINE std::string staging::origin(const link& input) const {
    const std::string below = ".weft/inputs/" + std::string(plan_.name) + '/';
    if (!input.to.starts_with(below) || input.to.size() < below.size() + input.path.size() + 1) return {};
    return " of " + input.to.substr(below.size(), input.to.size() - below.size() - input.path.size() - 1);
}

WEFT_INLINE std::string staging::check_inputs(const attempt& what, const outcome& ended) {
    if (ended.altered && *ended.altered < what.links.size()) {
        const link& input = what.links[*ended.altered];
        const bool named = ended.altered_file.starts_with(input.path + '/');
        const std::string file = named ? ended.altered_file : input.path;
        spoil(what, input, file);
        return "it wrote to its input '" + file + "'" + origin(input) +
               ", which other tasks may read: have it write to a copy, or give it | writable_inputs";
    }
    if (ended.altered) return "it wrote to one of its inputs, which other tasks may read";
    for (const link& input : what.links)
        if (std::string trouble = what.writable_inputs ? "" : spoiled(what.task, input); !trouble.empty())
            return trouble;
    return {};
}

/// Tasks linked to the same file see the alteration too. A spoiled copy at a place is replaced by a new
/// one.
WEFT_INLINE void staging::spoil(const attempt& what, const link& input, std::string file) {
    spoiled_.push_back({input.directory, input.path, std::move(file), what.task});
    for (auto each = copies_.begin(); each != copies_.end(); ++each) {
        const copy* const there = each->second->value();
        if (there == nullptr || there->directory != input.directory) continue;
        spoiled_copies_.emplace_back(std::get<place*>(each->first), input.directory);
        copies_.erase(each);
        return;
    }
}

WEFT_INLINE std::string staging::spoiled(const std::string& task, const link& input) const {
    const auto within = [](const std::string& inner, const std::string& outer) {
        return inner == outer || inner.starts_with(outer + '/');
    };
    for (const spoiled_file& one : spoiled_)
        if (one.directory == input.directory && one.task != task &&
            (within(one.file, input.path) || within(input.path, one.file)))
            return "its input '" + one.file + "'" + origin(input) + " was written to by " + one.task +
                   " after it was staged";
    return {};
}

WEFT_INLINE os::async<void> staging::forget(plan::index producer) {
    std::vector<key> of_producer;
    for (const auto& [which, shared] : copies_)
        if (std::get<plan::index>(which) == producer && shared->is_set()) of_producer.push_back(which);
    for (const key& which : of_producer) co_await drop(which);
}

WEFT_INLINE os::async<void> staging::forget_all() {
    while (!copies_.empty()) {
        const key which = copies_.begin()->first;
        try {
            co_await drop(which);
        } catch (const std::exception& error) {
            listener_.note(error.what());
        }
    }
    co_await drop_spoiled();
}

WEFT_INLINE os::async<void> staging::drop_spoiled() {
    for (; !spoiled_copies_.empty(); spoiled_copies_.pop_back()) {
        auto [at, directory] = spoiled_copies_.back();
        try {
            co_await at->contents->remove(std::move(directory));
        } catch (const place_error& error) {
            listener_.note(error.what());
        }
    }
}

WEFT_INLINE os::async<void> staging::drop(key which) {
    const shared_copy shared = copies_.at(which);
    copies_.erase(which);
    std::string directory = (co_await *shared).directory;
    co_await std::get<place*>(which)->contents->remove(std::move(directory));
}

}  // namespace weft::engine
