// SPDX-License-Identifier: MIT
#pragma once

#include <weft/backend/archive_script.hpp>
#include <weft/backend/ssh_place.hpp>

#include <algorithm>
#include <charconv>
#include <exception>
#include <optional>
#include <sstream>
#include <utility>
#include <vector>

namespace weft::backend {

WEFT_INLINE ssh_place::ssh_place(os::reactor& loop, std::string name, ssh_host how, std::string run,
                                 std::size_t streams)
    : loop_(loop),
      name_(std::move(name)),
      base_(how.scratch),
      run_(std::move(run)),
      nonce_(random_marker()),
      streams_(streams),
      patience_(how.connect_timeout),
      connection_(loop, name_, std::move(how)) {
    connection_.on_reply = [this](std::string text) { take(replies_, text); };
    connection_.on_notice = [this](std::string text) { take(notices_, text); };
    connection_.on_lost = [this](std::string why) { lose(why); };
}

WEFT_INLINE os::async<engine::capacity> ssh_place::open() {
    co_await connection_.open(streams_);
    open_ = true;
    // A login shell that hangs must not hang the run.
    const auto deadline = loop_.after(patience_, [this] { lose("its login shell does not answer"); });
    std::string request = resident::hello(nonce_, run_, base_);
    const std::string found = co_await ask(0, std::move(request));

    engine::capacity has;
    std::string missing;
    std::istringstream lines(found);
    for (std::string word, value; lines >> word;) {
        if (word == "unwritable")
            throw engine::place_error(
                "host " + name_ + ": its scratch base " + base_ +
                " cannot be written: give another with `scratch` in hosts.toml, or --scratch");
        lines >> value;
        if (word == "missing") missing += (missing.empty() ? "" : ", ") + value;
        if (word == "slots") std::from_chars(value.data(), value.data() + value.size(), has.slots);
    }
    if (!missing.empty())
        throw engine::place_error("host " + name_ + ": it lacks " + missing +
                                  ": install what is missing there");
    co_return has;
}

/// What a request's line will be; it is there already when the connection is gone.
WEFT_INLINE std::shared_ptr<ssh_place::answer> ssh_place::expect(
    std::map<std::uint64_t, std::shared_ptr<answer>>& table, std::uint64_t id) {
    auto line = std::make_shared<answer>();
    if (lost_.empty())
        table.emplace(id, line);
    else
        line->fail(std::make_exception_ptr(engine::place_error("host " + name_ + ": " + lost_)));
    return line;
}

/// Sends a request and gives its payload; throws what it answers with `err`.
WEFT_INLINE os::async<std::string> ssh_place::ask(std::uint64_t id, std::string request) {
    const auto reply = expect(replies_, id);
    connection_.tell(std::move(request));
    const resident::line& line = co_await *reply;
    if (line.kind != "ok") throw engine::place_error("host " + name_ + ": " + line.payload);
    co_return line.payload;
}

WEFT_INLINE void ssh_place::take(std::map<std::uint64_t, std::shared_ptr<answer>>& table,
                                 const std::string& text) {
    const resident::line line = resident::parse(nonce_, text);
    const auto waiting = line.kind.empty() ? table.end() : table.find(line.id);
    if (waiting == table.end()) return;
    const auto reply = waiting->second;
    table.erase(waiting);
    reply->set(line);
}

WEFT_INLINE void ssh_place::lose(const std::string& why) {
    if (!lost_.empty()) return;
    lost_ = why;
    const auto error = std::make_exception_ptr(engine::place_error("host " + name_ + ": " + why));
    for (auto* table : {&replies_, &notices_}) {
        const auto waiting = std::exchange(*table, {});
        for (const auto& [id, line] : waiting) line->fail(error);
    }
}

WEFT_INLINE os::async<engine::outcome> ssh_place::run(const engine::attempt& what) {
    engine::outcome result;
    const std::string scratch = what.scratch;
    const std::uint64_t id = ++last_id_;
    const auto end = expect(notices_, id);
    try {
        std::string request = resident::start(id, what);
        co_await ask(id, std::move(request));
    } catch (const engine::place_error& error) {
        result.message = error.what();
    }
    if (!result.message.empty()) {
        notices_.erase(id);
        co_return result;
    }
    try {
        const resident::line& line = co_await *end;
        int code = -1;
        std::from_chars(line.payload.data(), line.payload.data() + line.payload.size(), code);
        // A shell says 128 + n for a command that signal n ended; nothing tells it from `exit 137`.
        const bool signalled = code > 128 && code <= 128 + 64;
        result.how = signalled ? engine::outcome::kind::signalled : engine::outcome::kind::exited;
        result.code = signalled ? code - 128 : code;
    } catch (const engine::place_error& error) {
        result.how = engine::outcome::kind::lost;
        result.message = std::string(error.what()) + "; the task may still run there, in " + scratch;
    }
    co_return result;
}

WEFT_INLINE void ssh_place::stop(const std::string& scratch, engine::stop_signal how) {
    connection_.tell(resident::stop(++last_id_, scratch, how));
}

WEFT_INLINE os::async<void> ssh_place::close() {
    if (open_ && lost_.empty()) {
        const auto deadline = loop_.after(patience_, [this] { lose("it does not answer"); });
        try {
            const std::uint64_t id = ++last_id_;
            std::string request = resident::sweep(id);
            co_await ask(id, std::move(request));
        } catch (const engine::place_error&) {
            // The host is gone; there is nobody to ask.
        }
    }
    co_await connection_.close();
    lose("the connection was closed");
}

WEFT_INLINE os::async<std::vector<std::string>> ssh_place::match(std::string directory, std::string pattern,
                                                                 bool glob) {
    const std::uint64_t id = ++last_id_;
    std::string request = resident::match(id, directory, pattern, glob);
    const std::string found = co_await ask(id, std::move(request));
    std::vector<std::string> paths;
    for (std::size_t start = 0, end; (end = found.find('\0', start)) != found.npos; start = end + 1)
        paths.push_back(found.substr(start, end - start));
    std::sort(paths.begin(), paths.end());
    co_return paths;
}

WEFT_INLINE os::async<engine::digest> ssh_place::send(std::string directory, std::vector<std::string> paths,
                                                      int sink) {
    os::descriptor output(sink);
    os::descriptor none;
    std::string script = send_script(directory, paths);
    const std::string said =
        co_await connection_.stream(std::move(script), std::move(none), std::move(output));
    co_return verdict("host " + name_, said);
}

WEFT_INLINE os::async<engine::digest> ssh_place::receive(std::string directory, int source) {
    os::descriptor input(source);
    os::descriptor none;
    std::string script = receive_script(directory);
    const std::string said =
        co_await connection_.stream(std::move(script), std::move(input), std::move(none));
    co_return verdict("host " + name_, said);
}

WEFT_INLINE os::async<void> ssh_place::rename(std::string from, std::string to) {
    const std::uint64_t id = ++last_id_;
    std::string request = resident::rename(id, from, to);
    co_await ask(id, std::move(request));
}

WEFT_INLINE os::async<void> ssh_place::remove(std::string path) {
    const std::uint64_t id = ++last_id_;
    const auto end = expect(notices_, id);
    connection_.tell(resident::remove(id, path));
    const resident::line& line = co_await *end;
    if (line.payload != "ok") throw engine::place_error("host " + name_ + ": cannot remove " + path);
}

WEFT_INLINE os::async<void> ssh_place::remove_if_empty(std::string directory) {
    const std::uint64_t id = ++last_id_;
    std::string request = resident::remove_if_empty(id, directory);
    co_await ask(id, std::move(request));
}

WEFT_INLINE os::async<std::string> ssh_place::tail(std::string file, std::size_t bytes) {
    const std::uint64_t id = ++last_id_;
    std::string request = resident::tail(id, file, bytes);
    return ask(id, std::move(request));
}

}  // namespace weft::backend
