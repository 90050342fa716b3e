// SPDX-License-Identifier: MIT
#pragma once

#include <weft/remote/host.hpp>
#include <weft/remote/host_connection.ipp>
#include <weft/remote/resident_shell.ipp>
#include <weft/transfer/stream_header.hpp>

#include <algorithm>
#include <charconv>
#include <exception>
#include <utility>
#include <vector>

namespace weft::remote {

namespace detail {

/// Removes a space and a hexadecimal path from the end of a notice and returns the path; "" if there is none
/// or it leads out of its directory.
WEFT_INLINE std::string take_path(const char*& at, const char* last) {
    if (at == last || *at != ' ') return {};
    const auto path = resident::detail::from_hex({at + 1, last});
    at = last;
    return path && transfer::stays_below(*path) ? *path : std::string();
}

}  // namespace detail

WEFT_INLINE host::host(host_surroundings where, std::string name, ssh_host how, std::string run,
                       std::size_t streams)
    : loop_(where.clock),
      new_link_(std::move(where.connect)),
      name_(std::move(name)),
      how_(std::move(how)),
      run_(std::move(run)),
      nonce_(random_marker()),
      streams_(streams),
      jitter_(where.jitter) {
    connect();
}

namespace detail {

WEFT_INLINE host_surroundings over_ssh(os::reactor& loop, std::string name, ssh_host how, std::string aside) {
    return {loop, [&loop, name = std::move(name), how = std::move(how), aside = std::move(aside)] {
                return std::make_unique<connection>(loop, name, how, aside);
            }};
}

}  // namespace detail

WEFT_INLINE host::host(os::reactor& loop, std::string name, ssh_host how, std::string run,
                       std::size_t streams, std::string aside)
    : host(detail::over_ssh(loop, name, how, std::move(aside)), name, how, std::move(run), streams) {}

WEFT_INLINE os::async<engine::capacity> host::open() {
    const auto deadline = loop_.now() + patience_with(how_);
    std::chrono::milliseconds delay(100);
    for (;;) {
        std::exception_ptr error;
        std::string away;
        try {
            const engine::capacity has = co_await greet();
            state_ = state::open;
            note_back();
            co_return has;
        } catch (const engine::place_error& trouble) {
            const engine::place_event event = trouble.event();
            if (event == engine::place_event::broken ||
                (event == engine::place_event::unreachable && insists_))
                away = trouble.what();
            error = std::current_exception();
        } catch (const std::exception&) {
            error = std::current_exception();
        }
        if (away.empty() || closing_ || loop_.now() + delay >= deadline) {
            lose("it could not be opened");
            std::rethrow_exception(error);
        }
        note_away(away);
        co_await next_try(delay);
    }
}

WEFT_INLINE engine::health host::health_now() const {
    if (state_ == state::lost) return engine::health::lost;
    return state_ == state::open ? engine::health::well : engine::health::broken;
}

WEFT_INLINE void host::interrupt() {
    closing_ = true;
    connection_->hurry();
    next_watch_.reset();
    watch_questions();
    if (state_ != state::greeting) return;
    connection_->interrupt();
    // Deferred, because the waiter may change the state that the caller is using.
    interruption_ = loop_.after({}, [this] {
        if (state_ == state::greeting) break_off("the run ends");  // the login shell has not answered yet
    });
}

/// Registers an attempt; from now on it can be stopped.
WEFT_INLINE std::shared_ptr<host::answer> host::expect_end(std::uint64_t id, const std::string& scratch) {
    running_attempt& attempt =
        running_.emplace(id, running_attempt{scratch, std::make_shared<answer>()}).first->second;
    if (const auto before = stops_.extract(scratch)) attempt.stop = before.mapped();
    return attempt.end;
}

WEFT_INLINE os::async<engine::outcome> host::run(const engine::attempt& what) {
    engine::outcome result;
    const std::string scratch = what.scratch;
    const std::uint64_t id = ++last_id_;
    const auto end = expect_end(id, scratch);
    bool broken = false;
    try {
        co_await ready();
        if (!next_look_) look_after_runners();
        std::string request = resident::start(id, what, running_.size(), make_with(scratch));
        const resident::line said = co_await ask_to_start(id, what, std::move(request), broken);
        if (const auto attempt = running_.find(id); attempt != running_.end()) {
            attempt->second.runner = resident::runner_in(said.payload);
            be_there(attempt->second);
        }
    } catch (const engine::place_error& error) {
        result.message = error.what();
    }
    // The end may arrive without the reply to the start.
    if (!result.message.empty() && end->value() == nullptr) {
        running_.erase(id);
        if (broken) {
            result.how = engine::outcome::kind::lost;
            result.message += "; the task may run there, in " + scratch;
        }
        co_return result;
    }
    co_return co_await wait_for_end(scratch, what.outputs.size(), end);
}

WEFT_INLINE os::async<engine::outcome> host::attach(const engine::attempt& what) {
    const std::string scratch = what.scratch;
    const std::string task = what.task;
    const std::uint64_t id = ++last_id_;
    std::string request = resident::resume(id, what);
    const auto end = expect_end(id, scratch);
    std::string trouble;
    try {
        co_await ready();
    } catch (const engine::place_error& error) {
        trouble = error.what();
    }
    if (!trouble.empty()) {
        running_.erase(id);
        engine::outcome result;
        result.how = engine::outcome::kind::lost;
        result.message = std::move(trouble);
        co_return result;
    }
    connection_->tell(std::move(request));
    if (const auto attempt = running_.find(id); attempt != running_.end()) {
        attempt->second.resumed = task;
        be_there(attempt->second);
    }
    os::spawn(confirm_attached());
    co_return co_await wait_for_end(scratch, 0, end);
}

/// The end of an attempt arrives as a notice.
WEFT_INLINE os::async<engine::outcome> host::wait_for_end(std::string scratch, std::size_t outputs,
                                                          std::shared_ptr<answer> end) {
    engine::outcome result;
    std::string trouble;
    int code = -1;
    try {
        const resident::line& line = co_await *end;
        if (line.payload == "never") {
            result.how = engine::outcome::kind::never_began;
            result.message = "it had not started there, or how it ended is unknown";
            co_return result;
        }
        const auto last = line.payload.data() + line.payload.size();
        const auto [end_of_code, error] = std::from_chars(line.payload.data(), last, code);
        // An optional second number follows: of the first missing output, counted from one, or, if negative,
        // of the input that the task wrote to.
        std::int64_t number = 0;
        const bool more = error == std::errc{} && end_of_code != last && *end_of_code == ' ';
        auto [end_of_number, wrong] =
            more ? std::from_chars(end_of_code + 1, last, number) : std::from_chars_result{end_of_code, {}};
        if (more && number >= 0)
            result.missing = number == 0 ? outputs : std::min(static_cast<std::size_t>(number) - 1, outputs);
        if (number < 0) {
            result.altered = static_cast<std::size_t>(-(number + 1));
            result.altered_file = detail::take_path(end_of_number, last);
        }
        if (error != std::errc{} || wrong != std::errc{} || end_of_number != last || code < 0 || code > 255)
            trouble =
                "host " + name_ + ": how the task ended is unknown there: the shell that ran it is gone";
    } catch (const engine::place_error& error) {
        trouble = error.what();
    }
    if (trouble.empty()) {
        // A shell reports 128 + n for a command killed by signal n, the same as for `exit 137`.
        const bool signalled = code > 128 && code <= 128 + 64;
        result.how = signalled ? engine::outcome::kind::signalled : engine::outcome::kind::exited;
        result.code = signalled ? code - 128 : code;
    } else {
        result.how = engine::outcome::kind::lost;
        result.message = trouble + "; the task may still run there, in " + scratch;
    }
    co_return result;
}

/// If the connection is lost before the reply, the attempt may have started. The request on the next
/// connection starts it only if no runner has claimed it: the process that creates `.weft/environment` runs
/// the attempt, so it never runs twice.
WEFT_INLINE os::async<resident::line> host::ask_to_start(std::uint64_t id, const engine::attempt& what,
                                                         std::string request, bool& broken) {
    for (;;) {
        try {
            std::string once = request;
            std::string asked = "to start task " + what.task;
            co_return co_await ask(replies_, id, std::move(once), std::move(asked));
        } catch (const engine::place_error& error) {
            const bool again = error.event() == engine::place_event::broken;
            broken = broken || error.event() != engine::place_event::refused;
            if (!again) throw;
        }
        co_await ready();
        request = resident::start_unless_begun(id, what, running_.size());
    }
}

/// The scratch directories to make in one process with this one; none if this one exists already.
WEFT_INLINE std::vector<std::string> host::make_with(const std::string& scratch) {
    expected_.erase(scratch);
    std::vector<std::string> others;
    if (made_.erase(scratch) != 0) return others;
    for (auto next = expected_.begin(); next != expected_.end() && others.size() < detail::made_at_once;) {
        others.push_back(*next);
        made_.insert(*next);
        next = expected_.erase(next);
    }
    return others;
}

/// The death of a runner sends no notice, so the host is polled for tasks that run for long and for tasks
/// that no runner has claimed.
WEFT_INLINE void host::look_after_runners() {
    next_look_ = loop_.after(detail::between_looks, [this] {
        std::string request;
        bool waits = false;
        for (auto& [id, attempt] : running_) {
            const bool again = std::exchange(attempt.looked_at, true);
            if (again && attempt.runner != 0) request += resident::look(id, attempt.runner);
            if (!again || attempt.started) continue;
            request += resident::again(id, attempt.scratch);
            waits = true;
        }
        if (waits) request += resident::runners(running_.size());
        if (state_ == state::open && !request.empty()) connection_->tell(std::move(request));
        next_look_.reset();
        if (!running_.empty() && state_ != state::lost) look_after_runners();
    });
}

/// Also stops an attempt that this process has not asked for yet: an earlier process may have begun it.
WEFT_INLINE void host::stop(const std::string& scratch, engine::stop_signal how) {
    const auto attempt = std::find_if(running_.begin(), running_.end(),
                                      [&](const auto& one) { return one.second.scratch == scratch; });
    const bool known = attempt != running_.end();
    if (known) attempt->second.stop = how;
    if (state_ == state::open && (!known || attempt->second.started))
        connection_->tell(resident::stop(++last_id_, scratch, how));
    else if (!known)
        stops_[scratch] = how;
}

/// The host has confirmed the attempt on the current connection. A stop is sent again, because an earlier one
/// may have been lost.
WEFT_INLINE void host::be_there(running_attempt& attempt) {
    attempt.started = true;
    if (attempt.stop) connection_->tell(resident::stop(++last_id_, attempt.scratch, *attempt.stop));
}

WEFT_INLINE os::async<void> host::close() {
    closing_ = true;
    next_look_.reset();
    next_watch_.reset();
    watch_questions();
    if (const auto again = recovered_; again) co_await *again;
    if (state_ == state::open) {
        const auto deadline = loop_.after(how_.connect_timeout, [this] { lose("it does not answer"); });
        try {
            const std::uint64_t id = ++last_id_;
            std::string request = resident::sweep(id);
            std::string asked = "to end what is left of the run";
            co_await ask(replies_, id, std::move(request), std::move(asked));
        } catch (const engine::place_error&) {
            // The host is gone and cannot be asked.
        }
    }
    lose("the connection was closed");
    interruption_.reset();
    co_await connection_->close();
}

}  // namespace weft::remote
