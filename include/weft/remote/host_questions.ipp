// SPDX-License-Identifier: MIT
#pragma once

#include <weft/remote/host.hpp>

#include <algorithm>
#include <exception>
#include <utility>
#include <vector>

// Requests to a host and their timeouts. The control shell answers in order, so each answer extends the time
// of the later requests. A shell that works for long sends nothing; then the host is polled for its processor
// time, see `shell_activity`.

namespace weft::remote {

namespace detail {

/// The most bytes of a host's reason that a message shows.
inline constexpr std::size_t longest_reason = 4096;
/// The most bytes kept of its output before the control shell answers.
inline constexpr std::size_t longest_noise = 2048;

WEFT_INLINE std::string in_seconds(std::chrono::milliseconds time) {
    return std::to_string((time.count() + 999) / 1000) + " s";
}

}  // namespace detail

/// A run that ends waits for less time than one that continues.
WEFT_INLINE std::chrono::milliseconds host::longest_wait() const {
    const auto longest = patience_with(how_);
    return closing_ ? std::min(longest, how_.connect_timeout) : longest;
}

/// Sends a request and waits for its reply in `table`. Throws if the reply is an error.
WEFT_INLINE os::async<resident::line> host::ask(questions& table, std::uint64_t id, std::string request,
                                                std::string what) {
    question next{std::make_shared<answer>(), std::move(what), loop_.now()};
    const auto reply = table.emplace(id, std::move(next)).first->second.reply;
    connection_->tell(std::move(request));
    watch_questions();
    const resident::line& line = co_await *reply;
    if (line.kind == "err")
        throw engine::place_error("host " + name_ + ": " + line.payload.substr(0, detail::longest_reason));
    co_return line;
}

/// Sends a request that may be carried out twice; sends it again after a lost connection.
WEFT_INLINE os::async<resident::line> host::ask_again(questions& table, std::uint64_t id, std::string request,
                                                      std::string what) {
    for (;;) {
        co_await ready();
        try {
            std::string once = request;
            std::string name = what;
            co_return co_await ask(table, id, std::move(once), std::move(name));
        } catch (const engine::place_error& error) {
            if (error.event() != engine::place_event::broken) throw;
        }
    }
}

WEFT_INLINE void host::watch_questions() {
    if (next_watch_ || (replies_.empty() && notices_.empty())) return;
    next_watch_ = loop_.after(longest_wait() / 4, [this] {
        next_watch_.reset();
        look_at_questions();
        watch_questions();
    });
}

WEFT_INLINE void host::look_at_questions() {
    if (state_ != state::open) return;  // a greeting has its own time limit
    const auto now = loop_.now();
    const auto longest = longest_wait();
    bool long_wait = false;
    std::vector<std::uint64_t> overdue;
    for (questions* const table : {&replies_, &notices_})
        for (auto& [id, one] : *table) {
            if (id > least_answered_) one.heard = now;
            long_wait = long_wait || now - one.heard >= longest / 2;
            if (now - one.heard >= longest) overdue.push_back(id);
        }
    least_answered_ = ~std::uint64_t{};
    if (long_wait) connection_->look();
    for (const std::uint64_t id : overdue) give_up_question(id);
}

/// All requests to a working shell get more time, unless the run ends.
WEFT_INLINE void host::note_work() {
    if (closing_) return;
    for (questions* const table : {&replies_, &notices_})
        for (auto& [id, one] : *table) one.heard = loop_.now();
}

/// Fails a request that timed out. The control shell may hang in it, so a new connection with another shell
/// serves the other requests, unless that did not help the last time.
WEFT_INLINE void host::give_up_question(std::uint64_t id) {
    const bool of_shell = replies_.contains(id);
    questions& table = of_shell ? replies_ : notices_;
    const auto found = table.find(id);
    if (found == table.end()) return;
    const question one = std::move(found->second);
    table.erase(found);
    const std::string why = "no answer within " + detail::in_seconds(longest_wait()) + " when asked " +
                            one.what + ": a tool or a file system there may hang";
    if (of_shell && (closing_ || ++unanswered_ > 1))
        lose(why);
    else if (of_shell)
        break_off(why);
    one.reply->fail(std::make_exception_ptr(
        engine::place_error("host " + name_ + ": " + why, engine::place_event::unanswered)));
}

WEFT_INLINE void host::take_reply(const std::string& text) {
    const resident::line line = resident::parse(nonce_, text);
    if (line.kind.empty()) keep_noise(text);
    if (line.kind == "done" && line.id == 0) shell_there_ = true;
    if (line.kind == "done" && line.id == 0 && line.payload == "unfit")
        return fail_greeting(
            "its `sh` cannot run tasks: it closes descriptors above 2 when it starts a program, as mksh and "
            "ksh93 do; have dash, bash or busybox as `sh` first in PATH there");
    const bool fits = line.kind == "ok" || line.kind == "err";
    const auto waiting = fits ? replies_.find(line.id) : replies_.end();
    if (waiting == replies_.end()) return;
    const auto reply = waiting->second.reply;
    replies_.erase(waiting);
    least_answered_ = std::min(least_answered_, line.id);
    if (line.id != 0) unanswered_ = 0;
    reply->set(line);
}

WEFT_INLINE void host::take_notice(const std::string& text) {
    const resident::line line = resident::parse(nonce_, text);
    if (line.kind.empty()) keep_noise(text);
    std::shared_ptr<answer> waits;
    if (line.kind == "end") {
        if (const auto attempt = running_.find(line.id); attempt != running_.end()) {
            waits = attempt->second.end;
            running_.erase(attempt);
        }
    } else if (const auto removal = notices_.find(line.id);
               line.kind == "done" && removal != notices_.end()) {
        waits = removal->second.reply;
        notices_.erase(removal);
    }
    if (waits) waits->set(line);
}

WEFT_INLINE void host::fail(questions& table, const std::exception_ptr& error) {
    const auto waiting = std::exchange(table, {});
    for (const auto& [id, one] : waiting) one.reply->fail(error);
}

/// Keeps output from before the first answer: it may say why the shell does not start.
WEFT_INLINE void host::keep_noise(std::string_view text) {
    if (shell_there_ || text.find_first_not_of(" \t\r") == text.npos) return;
    noise_ += noise_.empty() ? "" : " / ";
    noise_ += text.substr(0, detail::longest_noise / 4);
    if (noise_.size() > detail::longest_noise) noise_.erase(0, noise_.size() - detail::longest_noise / 2);
}

WEFT_INLINE std::string host::what_it_said() const {
    return noise_.empty() ? "; it said nothing" : "; it said: " + noise_;
}

}  // namespace weft::remote
