// SPDX-License-Identifier: MIT
#pragma once

#include <weft/remote/host.hpp>
#include <weft/remote/host_questions.ipp>

#include <algorithm>
#include <charconv>
#include <exception>
#include <sstream>
#include <utility>

namespace weft::remote {

namespace detail {

/// The longest pause between two reconnects, which is also the longest delay of a run that ends meanwhile.
inline constexpr std::chrono::milliseconds longest_pause{1000};

/// The limit of the slots that a host can report.
inline constexpr unsigned most_slots = 100000;

/// The most scratch directories that one process on the host makes.
inline constexpr std::size_t made_at_once = 31;

/// How often the host is asked whether its runners are alive.
inline constexpr std::chrono::milliseconds between_looks{1500};

}  // namespace detail

WEFT_INLINE void host::connect() {
    connection_ = new_link_();
    connection_->on_reply = [this](std::string text) { take_reply(text); };
    connection_->on_notice = [this](std::string text) { take_notice(text); };
    connection_->on_lost = [this](std::string why, bool shell_ended) {
        if (shell_ended && state_ == state::greeting && !shell_there_)
            fail_greeting("no `sh` came up there (" + why + what_it_said() +
                          "): look at the user's login shell there, its start-up files, and ForceCommand");
        else
            break_off(why);
    };
    connection_->on_work = [this](const std::string& shell) {
        if (shell == shell_id_) note_work();
    };
    shell_there_ = false;
    noise_.clear();
}

/// Connects and asks for the host's tools and capacity.
WEFT_INLINE os::async<engine::capacity> host::greet() {
    state_ = state::greeting;
    if (!closing_) co_await connection_->open(streams_);
    if (closing_) throw engine::place_error("host " + name_ + ": the run ends");
    // A login shell that hangs must not block the run.
    const auto deadline = loop_.after(how_.connect_timeout, [this] {
        connection_->flush([this] {
            const std::string time = detail::in_seconds(how_.connect_timeout);
            if (state_ != state::greeting) return;
            fail_greeting(shell_there_ ? "no answer within " + time +
                                             " when asked for its tools and for the "
                                             "scratch base " +
                                             how_.scratch + ": a tool or a file system there may hang"
                                       : "its login shell does not answer within " + time + what_it_said() +
                                             ": a start-up file there may wait for something, or read what "
                                             "is meant for the shell");
        });
    });
    std::string request = resident::hello(nonce_, run_, how_.scratch);
    std::string asked = "for its tools";
    const resident::line found = co_await ask(replies_, 0, std::move(request), std::move(asked));

    engine::capacity has;
    std::string missing;
    gnu_tar_ = false;
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
        if (word == "session") shell_id_ = value;
        if (word == "shell") has.shell = value;
        if (word == "tar") gnu_tar_ = value == "gnu";
        if (word == "slots") std::from_chars(value.data(), value.data() + value.size(), has.slots);
        has.slots = std::min(has.slots, detail::most_slots);
    }
    if (!missing.empty())
        throw engine::place_error("host " + name_ + ": it lacks " + missing +
                                  (missing == "/proc" ? ": weft looks there for processes; have it mounted"
                                                      : ": install what is missing there"));
    co_return has;
}

/// The host answers but cannot run tasks.
WEFT_INLINE void host::fail_greeting(const std::string& why) {
    fail(replies_, std::make_exception_ptr(engine::place_error("host " + name_ + ": " + why)));
}

WEFT_INLINE void host::note_away(const std::string& why) {
    if (away_since_) return;
    away_since_ = loop_.now();
    if (listener_ != nullptr && !closing_) listener_->host_away(name_, why, patience_with(how_));
}

WEFT_INLINE void host::note_back() {
    const auto since = std::exchange(away_since_, {});
    if (since && listener_ != nullptr) listener_->host_back(name_, loop_.now() - *since);
}

/// The connection is gone. Requests without a reply fail; running attempts do not fail yet.
WEFT_INLINE void host::break_off(const std::string& why) {
    const auto error = std::make_exception_ptr(
        engine::place_error("host " + name_ + ": " + why, engine::place_event::broken));
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

/// Reconnects until the host's deadline, and attaches to the running attempts again.
WEFT_INLINE os::async<void> host::recover(std::string why) {
    const auto done = recovered_;
    note_away("host " + name_ + ": connection lost" + (why == just_lost ? "" : " (" + why + ')'));
    const std::chrono::milliseconds longest = patience_with(how_);
    const auto deadline = loop_.now() + longest;
    std::string trouble;
    std::chrono::milliseconds delay(100);
    do {
        co_await next_try(delay);
        trouble.clear();
        try {
            co_await greet();
        } catch (const std::exception& error) {
            trouble = error.what();
        }
    } while (!trouble.empty() && !closing_ && loop_.now() + delay < deadline);
    if (trouble.empty()) {
        state_ = state::open;
        note_back();
        bool any = false;
        for (auto& [id, attempt] : running_) {
            attempt.runner = 0;  // its shell is gone
            if (!attempt.started) continue;
            any = true;
            engine::attempt again;
            again.task = attempt.resumed;
            again.scratch = attempt.scratch;
            connection_->tell(again.task.empty() ? resident::attach(id, attempt.scratch)
                                                 : resident::resume(id, again));
            be_there(attempt);
        }
        if (any) os::spawn(confirm_attached());
    } else {
        lose(why + ", and it stayed away for " + detail::in_seconds(longest) +
             ", so it is unreachable: " + trouble);
    }
    done->set(true);
}

/// Asks a question behind requests that have no reply: a control shell that hangs in one of them is replaced
/// when the question times out. Otherwise the end of an attached attempt would be waited for without limit.
WEFT_INLINE os::async<void> host::confirm_attached() {
    const std::uint64_t id = ++last_id_;
    std::string request = resident::confirm(id);
    std::string asked = "to wait for the tasks that run there";
    try {
        co_await ask(replies_, id, std::move(request), std::move(asked));
    } catch (const engine::place_error&) {
        // The new connection attaches them again, or they are lost with the host.
    }
}

/// Shortens the delay by up to half at random, so that runs that lost a host together do not reconnect
/// together.
WEFT_INLINE os::async<void> host::next_try(std::chrono::milliseconds& delay) {
    co_await pause(delay * (50 + jitter_() % 51) / 100);
    delay = std::min(2 * delay, detail::longest_pause);
    co_await connection_->close();
    connect();
}

WEFT_INLINE os::async<void> host::pause(os::clock::steady::duration time) {
    os::completion<bool> over;
    const auto alarm = loop_.after(time, [&over] { over.set(true); });
    co_await over;
}

/// Waits until a broken connection is restored. Throws if the host is lost.
WEFT_INLINE os::async<void> host::ready() {
    if (const auto again = recovered_; again) co_await *again;
    if (state_ == state::lost)
        throw engine::place_error("host " + name_ + ": " + lost_, engine::place_event::lost);
}

/// Waits until the host answers after its connection broke. The break may not be known here yet, so this
/// sends a request without an effect. Throws if the host stays away.
WEFT_INLINE os::async<void> host::await_connected() {
    std::string nothing = "/dev/null";
    co_await tail(std::move(nothing), 1);
}

WEFT_INLINE void host::lose(const std::string& why) {
    if (state_ == state::lost) return;
    state_ = state::lost;
    lost_ = why;
    next_look_.reset();
    next_watch_.reset();
    const auto error =
        std::make_exception_ptr(engine::place_error("host " + name_ + ": " + why, engine::place_event::lost));
    fail(replies_, error);
    fail(notices_, error);
    const auto running = std::exchange(running_, {});
    for (const auto& [id, attempt] : running) attempt.end->fail(error);
}

}  // namespace weft::remote
