// SPDX-License-Identifier: MIT
#pragma once

#include <weft/backend/ssh_place.hpp>

#include <algorithm>
#include <charconv>
#include <exception>
#include <sstream>
#include <utility>

namespace weft::backend {

namespace detail {

/// Between two tries to connect anew: a run that ends waits for no more than this.
inline constexpr std::chrono::milliseconds longest_pause{1000};

/// What a host gives as a reason is shown to people: so much of it, and it has no more slots than this.
inline constexpr std::size_t longest_reason = 4096;
inline constexpr unsigned most_slots = 100000;

/// So many scratch directories are made by one process on the host.
inline constexpr std::size_t made_at_once = 31;

/// Whether runners are still there is asked for after so long.
inline constexpr std::chrono::milliseconds between_looks{1500};

/// The connection was lost while an answer was waited for: it is not known what the host did.
class connection_broken : public engine::place_error {
public:
    using engine::place_error::place_error;
};

}  // namespace detail

WEFT_INLINE void ssh_place::connect() {
    connection_ = std::make_unique<ssh_connection>(loop_, name_, how_);
    connection_->on_reply = [this](std::string text) { take_reply(text); };
    connection_->on_notice = [this](std::string text) { take_notice(text); };
    connection_->on_lost = [this](std::string why) { break_off(why); };
}

/// Connects and looks at what is there.
WEFT_INLINE os::async<engine::capacity> ssh_place::greet() {
    state_ = state::greeting;
    if (!closing_) co_await connection_->open(streams_);
    if (closing_) throw engine::place_error("host " + name_ + ": the run ends");
    // A login shell that hangs must not hang the run.
    const auto deadline =
        loop_.after(how_.connect_timeout, [this] { break_off("its login shell does not answer"); });
    std::string request = resident::hello(nonce_, run_, how_.scratch);
    const resident::line found = co_await ask(replies_, 0, std::move(request));

    engine::capacity has;
    std::string missing;
    std::istringstream lines(found.payload);
    for (std::string text; std::getline(lines, text);) {
        const std::string word = text.substr(0, text.find(' '));
        const std::string value = text.substr(std::min(text.size(), word.size() + 1));
        if (word == "unwritable")
            throw engine::place_error(
                "host " + name_ + ": its scratch base " + how_.scratch + " cannot be written" +
                (value.empty() ? "" : " (" + value.substr(0, detail::longest_reason) + ')') +
                ": give another with `scratch` in hosts.toml, or --scratch");
        if (word == "missing") missing += (missing.empty() ? "" : ", ") + value.substr(0, 64);
        if (word == "memory") std::from_chars(value.data(), value.data() + value.size(), has.memory);
        if (word == "shell") has.shell = value;
        if (word == "slots") std::from_chars(value.data(), value.data() + value.size(), has.slots);
        has.slots = std::min(has.slots, detail::most_slots);
    }
    if (!missing.empty())
        throw engine::place_error("host " + name_ + ": it lacks " + missing +
                                  ": install what is missing there");
    co_return has;
}

/// The connection is gone. What waits for an answer fails; running attempts do not, yet.
WEFT_INLINE void ssh_place::break_off(const std::string& why) {
    const auto error = std::make_exception_ptr(detail::connection_broken("host " + name_ + ": " + why));
    const bool recovers = state_ == state::open && !closing_;
    if (recovers) {
        state_ = state::greeting;
        recovered_ = std::make_shared<os::completion<bool>>();
    }
    fail(replies_, error);
    fail(notices_, error);
    if (recovers)
        os::spawn(recover(why));
    else if (state_ == state::open)
        lose(why);
}

/// Makes a new connection, within the time that the host may stay away, and looks for the running attempts.
WEFT_INLINE os::async<void> ssh_place::recover(std::string why) {
    const auto done = recovered_;
    const std::chrono::milliseconds longest = patience_with(how_);
    const auto deadline = loop_.now() + longest;
    std::string trouble;
    std::chrono::milliseconds delay(100);
    do {
        // Less up to half of it at random: what lost a host together does not come back together.
        co_await pause(delay * (50 + jitter_() % 51) / 100);
        delay = std::min(2 * delay, detail::longest_pause);
        co_await connection_->close();
        connect();
        trouble.clear();
        try {
            co_await greet();
        } catch (const std::exception& error) {
            trouble = error.what();
        }
    } while (!trouble.empty() && !closing_ && loop_.now() + delay < deadline);
    if (trouble.empty()) {
        state_ = state::open;
        for (auto& [id, attempt] : running_) {
            attempt.runner = 0;  // the child of a shell that is gone
            if (!attempt.started) continue;
            engine::attempt again;
            again.task = attempt.resumed;
            again.scratch = attempt.scratch;
            connection_->tell(again.task.empty() ? resident::attach(id, attempt.scratch)
                                                 : resident::resume(id, again));
            be_there(attempt);
        }
    } else {
        const std::string seconds = std::to_string((longest.count() + 999) / 1000);
        lose(why + ", and it stayed away for " + seconds + " s, so it is unreachable: " + trouble);
    }
    done->set(true);
}

WEFT_INLINE os::async<void> ssh_place::pause(os::clock::steady::duration time) {
    os::completion<bool> over;
    const auto alarm = loop_.after(time, [&over] { over.set(true); });
    co_await over;
}

/// Waits until a broken connection is there again.
WEFT_INLINE os::async<void> ssh_place::ready() {
    if (const auto again = recovered_; again) co_await *again;
    if (state_ == state::lost) throw engine::place_error("host " + name_ + ": " + lost_);
}

/// Sends a request and waits for its line in `table`; throws what it answers with `err`.
WEFT_INLINE os::async<resident::line> ssh_place::ask(answers& table, std::uint64_t id, std::string request) {
    const auto reply = table.emplace(id, std::make_shared<answer>()).first->second;
    connection_->tell(std::move(request));
    const resident::line& line = co_await *reply;
    if (line.kind == "err")
        throw engine::place_error("host " + name_ + ": " + line.payload.substr(0, detail::longest_reason));
    co_return line;
}

/// For what may be done twice: asks again after a lost connection.
WEFT_INLINE os::async<resident::line> ssh_place::ask_again(answers& table, std::uint64_t id,
                                                           std::string request) {
    for (;;) {
        co_await ready();
        try {
            std::string once = request;
            co_return co_await ask(table, id, std::move(once));
        } catch (const detail::connection_broken&) {
        }
    }
}

WEFT_INLINE void ssh_place::take_reply(const std::string& text) {
    const resident::line line = resident::parse(nonce_, text);
    const bool fits = line.kind == "ok" || line.kind == "err";
    const auto waiting = fits ? replies_.find(line.id) : replies_.end();
    if (waiting == replies_.end()) return;
    const auto reply = waiting->second;
    replies_.erase(waiting);
    reply->set(line);
}

WEFT_INLINE void ssh_place::take_notice(const std::string& text) {
    const resident::line line = resident::parse(nonce_, text);
    std::shared_ptr<answer> waits;
    if (line.kind == "end") {
        if (const auto attempt = running_.find(line.id); attempt != running_.end()) {
            waits = attempt->second.end;
            running_.erase(attempt);
        }
    } else if (const auto removal = notices_.find(line.id);
               line.kind == "done" && removal != notices_.end()) {
        waits = removal->second;
        notices_.erase(removal);
    }
    if (waits) waits->set(line);
}

WEFT_INLINE void ssh_place::fail(answers& table, const std::exception_ptr& error) {
    const auto waiting = std::exchange(table, {});
    for (const auto& [id, line] : waiting) line->fail(error);
}

WEFT_INLINE void ssh_place::lose(const std::string& why) {
    if (state_ == state::lost) return;
    state_ = state::lost;
    lost_ = why;
    const auto error = std::make_exception_ptr(engine::place_error("host " + name_ + ": " + why));
    fail(replies_, error);
    fail(notices_, error);
    const auto running = std::exchange(running_, {});
    for (const auto& [id, attempt] : running) attempt.end->fail(error);
}

}  // namespace weft::backend
