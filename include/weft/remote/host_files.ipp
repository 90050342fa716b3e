// SPDX-License-Identifier: MIT
#pragma once

#include <weft/remote/host.hpp>
#include <weft/text/glob.hpp>
#include <weft/transfer/archive_script.hpp>
#include <weft/transfer/stream_header.hpp>

#include <algorithm>
#include <charconv>
#include <utility>
#include <vector>

// A host as a place of files.

namespace weft::remote {

WEFT_INLINE os::async<std::vector<std::string>> host::match(std::string directory, std::string pattern,
                                                            bool glob) {
    const std::uint64_t id = ++last_id_;
    std::string request = resident::match(id, directory, pattern, glob);
    std::string asked = "for '" + pattern + "' in " + directory;
    const resident::line line = co_await ask_again(replies_, id, std::move(request), std::move(asked));
    const std::string& found = line.payload;
    std::vector<std::string> paths;
    for (std::size_t start = 0, end; (end = found.find('\0', start)) != found.npos; start = end + 1)
        paths.push_back(found.substr(start, end - start));
    for (const std::string& path : paths)
        if (!resident::answers(pattern, glob, path))
            throw engine::place_error("host " + name_ + ": it answers '" + path + "' when asked for '" +
                                      pattern + "': do not trust it");
    // The match is decided here, because shells differ in their patterns.
    if (glob)
        paths.erase(std::remove_if(paths.begin(), paths.end(),
                                   [&](const auto& path) { return !text::matches_glob(pattern, path); }),
                    paths.end());
    std::sort(paths.begin(), paths.end());
    co_return paths;
}

/// A transfer is not repeated here: its other end has taken or given bytes already. Its caller gets
/// `restored` once the connection is back, or the error of a place that is lost.
WEFT_INLINE os::async<engine::digest> host::move(std::unique_ptr<file_stream> what) {
    co_await ready();
    const stream_end end = co_await connection_->move(std::move(what));
    if (!end.event) co_return transfer::verdict("host " + name_, end.text);
    const std::string why = "host " + name_ + ": " + end.text;
    if (*end.event != engine::place_event::broken) throw engine::place_error(why, *end.event);
    if (!closing_) co_await await_connected();
    throw engine::place_error(why, engine::place_event::restored);
}

WEFT_INLINE os::async<engine::digest> host::send(std::string directory, std::vector<std::string> paths,
                                                 engine::stream_form form, os::pipe_writer sink) {
    auto what = std::make_unique<file_stream>();
    what->way = file_stream::direction::from_host;
    what->directory = std::move(directory);
    what->paths = std::move(paths);
    what->there = form.there;
    what->pax = form.pax;
    what->sink = std::move(sink);
    return move(std::move(what));
}

WEFT_INLINE os::async<bool> host::knows_pax() {
    co_await ready();
    co_return gnu_tar_;
}

WEFT_INLINE os::async<engine::digest> host::receive(std::string directory, os::pipe_reader source) {
    auto what = std::make_unique<file_stream>();
    what->directory = std::move(directory);
    what->source = std::move(source);
    return move(std::move(what));
}

WEFT_INLINE os::async<std::uint64_t> host::salvage(std::string directory, std::string path) {
    const std::uint64_t id = ++last_id_;
    std::string request = resident::salvage(id, directory, path);
    std::string asked = "what arrived of '" + path + "' in " + directory;
    const resident::line line = co_await ask_again(notices_, id, std::move(request), std::move(asked));
    std::uint64_t size = 0;
    std::from_chars(line.payload.data(), line.payload.data() + line.payload.size(), size);
    co_return size;
}

WEFT_INLINE os::async<void> host::rename(std::string from, std::string to) {
    const std::uint64_t id = ++last_id_;
    std::string request = resident::rename(id, from, to);
    std::string asked = "to rename " + from + " to " + to;
    co_await ask_again(replies_, id, std::move(request), std::move(asked));
}

WEFT_INLINE os::async<void> host::remove(std::string path) {
    const std::uint64_t id = ++last_id_;
    std::string request = resident::remove(id, path);
    std::string asked = "to remove " + path;
    const resident::line line = co_await ask_again(notices_, id, std::move(request), std::move(asked));
    if (line.payload != "ok") throw engine::place_error("host " + name_ + ": cannot remove " + path);
}

/// Empty directories are removed after the last start, so expected attempts no longer start either.
WEFT_INLINE os::async<void> host::remove_if_empty(std::string directory) {
    expected_.clear();
    std::string request;
    if (!made_.empty()) request = resident::unmake({made_.begin(), made_.end()});
    made_.clear();
    const std::uint64_t id = ++last_id_;
    request += resident::remove_if_empty(id, directory);
    std::string asked = "to remove " + directory + " if it is empty";
    co_await ask_again(replies_, id, std::move(request), std::move(asked));
}

WEFT_INLINE os::async<bool> host::intact(std::string scratch) {
    const std::uint64_t id = ++last_id_;
    std::string request = resident::intact(id, scratch);
    std::string asked = "whether " + scratch + " is as its task left it";
    const resident::line line = co_await ask_again(replies_, id, std::move(request), std::move(asked));
    co_return line.payload.starts_with("yes");
}

WEFT_INLINE os::async<std::string> host::first_change(std::string scratch) {
    const std::uint64_t id = ++last_id_;
    std::string request = resident::first_change(id, scratch);
    std::string asked = "what was changed in " + scratch;
    const resident::line line = co_await ask_again(replies_, id, std::move(request), std::move(asked));
    // The user sees it as a path below the scratch directory, so it must be one.
    const std::string_view path = line.payload;
    const bool is_directory = path.ends_with('/');
    if (path != "./" && !transfer::stays_below(path.substr(0, path.size() - (is_directory ? 1 : 0))))
        co_return std::string();
    co_return std::string(path);
}

WEFT_INLINE os::async<std::string> host::seal(std::string scratch) {
    if (fine_times_) co_return std::string();
    const std::uint64_t id = ++last_id_;
    std::string request = resident::seal(id, scratch);
    std::string asked = "what is in " + scratch;
    const resident::line line = co_await ask_again(replies_, id, std::move(request), std::move(asked));
    fine_times_ = line.payload.starts_with("fine");
    if (fine_times_) co_return std::string();
    if (line.payload.size() < 64)
        throw engine::place_error("host " + name_ + " cannot tell what is in " + scratch);
    co_return line.payload.substr(0, 64);
}

WEFT_INLINE os::async<bool> host::is_full(std::string directory) {
    const std::uint64_t id = ++last_id_;
    std::string request = resident::is_full(id, directory);
    std::string asked = "whether the disk of " + directory + " is full";
    const resident::line line = co_await ask_again(replies_, id, std::move(request), std::move(asked));
    co_return line.payload.starts_with("yes");
}

WEFT_INLINE os::async<std::string> host::tail(std::string file, std::size_t bytes) {
    const std::uint64_t id = ++last_id_;
    std::string request = resident::tail(id, file, bytes);
    std::string asked = "for the end of " + file;
    const resident::line line = co_await ask_again(replies_, id, std::move(request), std::move(asked));
    // A host cannot return more than the requested bytes.
    co_return line.payload.substr(line.payload.size() - std::min(line.payload.size(), bytes));
}

}  // namespace weft::remote
