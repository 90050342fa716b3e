// SPDX-License-Identifier: MIT
#pragma once

#include <weft/remote/connection.hpp>
#include <weft/remote/line_cutter.hpp>
#include <weft/remote/shell_activity.hpp>
#include <weft/remote/silence_check.ipp>
#include <weft/remote/stream_shell.hpp>
#include <weft/ssh/channel.hpp>
#include <weft/ssh/failure.hpp>
#include <weft/ssh/interruption.hpp>
#include <weft/ssh/session.hpp>

#include <libssh/libssh.h>
#include <poll.h>
#include <sys/eventfd.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <deque>
#include <exception>
#include <list>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

namespace weft::remote {

/// The state of the connection's thread. `mutex` guards the inbox and the posts to the reactor; everything
/// else belongs to the thread.
struct connection::worker : std::enable_shared_from_this<worker> {
    os::reactor* loop;            ///< guarded; null after the reactor has abandoned the thread
    std::shared_ptr<void> guest;  ///< guarded; keeps the loop alive while the thread may post
    ssh::interruption stop;
    std::string name;
    ssh_host how;
    std::string aside;  ///< a directory of this machine
    os::descriptor wake{::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};
    std::mutex mutex;
    std::vector<std::function<void()>> inbox;
    std::thread thread;

    // Receives the events, on the reactor; cleared there when the connection closes.
    connection* owner = nullptr;

    ssh::session_handle session;
    std::optional<silence_check> liveness;
    ssh_event events = nullptr;
    std::unique_ptr<ssh::channel> control;
    detail::line_cutter replies;
    detail::line_cutter notices;
    std::optional<shell_activity> working;
    std::list<std::unique_ptr<stream_shell>> streams;
    std::list<std::unique_ptr<file_stream>> silent;  ///< to the host, without a first byte
    std::deque<std::unique_ptr<file_stream>> queue;  ///< waiting for a channel
    std::size_t limit = most_streams;  ///< concurrent streams; lowered when the host refuses more
    unsigned refusals = 0;             ///< consecutive, while no stream is open
    std::chrono::steady_clock::time_point retry_at{};
    std::size_t streams_ahead = 0;
    bool activity = false;
    bool closing = false;
    bool finished = false;  ///< guarded; the inbox is closed
    bool hurried = false;
    std::chrono::steady_clock::time_point next_look{};
    std::string lost;
    bool shell_ended = false;

    // With the control channel half of sshd's default MaxSessions; more sessions are refused at times.
    static constexpr std::size_t most_streams = 4;

    worker(os::reactor& reactor, std::string host, ssh_host binding)
        : loop(&reactor), name(std::move(host)), how(std::move(binding)) {}

    /// On the reactor: runs `action` on the thread. False if the thread has ended.
    bool post(std::function<void()> action) {
        {
            const std::lock_guard lock(mutex);
            if (finished) return false;
            inbox.push_back(std::move(action));
        }
        return poke();
    }

    /// Wakes the thread; from any thread.
    bool poke() const {
        const std::uint64_t one = 1;
        return ::write(wake.get(), &one, sizeof one) == sizeof one;
    }

    /// On the thread: runs the posted actions; false if there were none.
    bool work_off(bool last = false) {
        std::vector<std::function<void()>> actions;
        {
            const std::lock_guard lock(mutex);
            actions.swap(inbox);
            finished = last;
        }
        for (const auto& action : actions) action();
        return !actions.empty();
    }

    /// On the thread: runs `action` on the reactor, unless that has abandoned the thread.
    void post_back(std::function<void()> action) {
        const std::lock_guard lock(mutex);
        if (loop != nullptr) loop->post(std::move(action));
    }

    /// On the reactor: abandons the thread.
    void leave_behind() {
        const std::lock_guard lock(mutex);
        guest.reset();
        loop = nullptr;
    }

    /// On the thread: there are no more posts.
    void take_leave() {
        const std::lock_guard lock(mutex);
        guest.reset();
    }

    /// On the thread: runs `event` on the reactor, if the connection still exists.
    void tell_owner(std::function<void(connection&)> event) {
        post_back([self = shared_from_this(), event = std::move(event)] {
            if (self->owner != nullptr) event(*self->owner);
        });
    }

    static engine::place_event event_of(ssh::failure::kind what);
    void run(std::function<void(std::exception_ptr)> opened);
    void start_control();
    void advance_control();
    void flush();
    void note_work();
    std::chrono::milliseconds longest_wait() const;
    void add(std::unique_ptr<file_stream> job);
    void add_stream();
    void listen_to_silent();
    void take_jobs();
    bool all_receive() const;
    void set_aside();
    stream_shell* channel_for(const file_stream& job);
    void advance_streams();
    void be_refused(const std::string& why);
    void refuse_all(const std::string& why);
    using event_of_line = std::function<void(std::string)> connection::*;
    std::function<void(std::string)> line_to(event_of_line event);
    static void finish(std::unique_ptr<file_stream> job, const std::string& trouble, bool broke = false);
    int patience() const;
    void serve();
    void shut_down();
};

WEFT_INLINE engine::place_event connection::worker::event_of(ssh::failure::kind what) {
    switch (what) {
        case ssh::failure::kind::unreachable:
            return engine::place_event::unreachable;
        case ssh::failure::kind::broken:
            return engine::place_event::broken;
        case ssh::failure::kind::refused:
            break;
    }
    return engine::place_event::refused;
}

WEFT_INLINE void connection::worker::run(std::function<void(std::exception_ptr)> opened) {
    std::exception_ptr error;
    try {
        session = ssh::open_session(name, how, stop);
        ::ssh_set_blocking(session.get(), 0);
        events = ::ssh_event_new();
        ::ssh_event_add_session(events, session.get());
        ::ssh_event_add_fd(
            events, wake.get(), POLLIN, [](socket_t, int, void*) { return 0; }, nullptr);
        start_control();
        liveness.emplace(session.get(), patience_with(how) / 2);
        working.emplace(session.get(), activity);
        for (std::size_t at = 0; at < std::min(streams_ahead, most_streams); ++at) add_stream();
    } catch (const ssh::failure& trouble) {
        error =
            std::make_exception_ptr(engine::place_error(trouble.what(), event_of(trouble.what_happened())));
    } catch (...) {
        error = std::current_exception();
    }
    post_back([opened = std::move(opened), error] { opened(error); });
    if (!error) {
        try {
            serve();
        } catch (const std::exception& trouble) {  // no memory
            lost = trouble.what();
        }
    }
    shut_down();
}

WEFT_INLINE void connection::worker::start_control() {
    control = std::make_unique<ssh::channel>(session.get(), "exec sh -s", activity);
    control->on_stdout = [this](std::string_view bytes) {
        replies.take(bytes, line_to(&connection::on_reply));
    };
    control->on_stderr = [this](std::string_view bytes) {
        notices.take(bytes, line_to(&connection::on_notice));
    };
}

WEFT_INLINE std::function<void(std::string)> connection::worker::line_to(event_of_line event) {
    return [this, event](std::string line) {
        tell_owner([event, line = std::move(line)](connection& it) {
            if (it.*event) (it.*event)(line);
        });
    };
}

WEFT_INLINE void connection::worker::flush() {
    replies.flush(line_to(&connection::on_reply));
    notices.flush(line_to(&connection::on_notice));
}

WEFT_INLINE void connection::worker::advance_control() {
    if (control->advance()) return;
    if (control->failed()) {
        lost = control->error();
    } else if (!::ssh_is_connected(session.get())) {
        lost = just_lost;
    } else {
        shell_ended = true;
        const int code = control->exit_code();
        lost = "its control shell ended" + (code < 0 ? "" : ", exit code " + std::to_string(code));
    }
}

/// Extends the time of shells that send nothing but use processor time.
WEFT_INLINE void connection::worker::note_work() {
    for (const std::string& shell : working->advance()) {
        for (const auto& stream : streams)
            if (stream->shell() == shell && !hurried) stream->note_work();
        tell_owner([shell](connection& it) {
            if (it.on_work) it.on_work(shell);
        });
    }
}

WEFT_INLINE std::chrono::milliseconds connection::worker::longest_wait() const {
    return hurried ? std::min(patience_with(how), how.connect_timeout) : patience_with(how);
}

/// The timeout of the next poll, in milliseconds.
WEFT_INLINE int connection::worker::patience() const {
    const int look = liveness->next_check();
    if (refusals == 0 || queue.empty()) return look;
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(retry_at - std::chrono::steady_clock::now());
    return std::min(look, static_cast<int>(std::max<std::int64_t>(0, left.count())));
}

WEFT_INLINE void connection::worker::serve() {
    while (!closing && lost.empty()) {
        // Serving one channel can read input for another one, which the poll below would miss. `activity`
        // reports data; the count of bytes reports everything else (a window, a channel's confirmation).
        std::uint64_t before = 0;
        do {
            before = liveness->bytes();
            activity = false;
            activity = work_off();
            take_jobs();
            advance_control();
            advance_streams();
            note_work();
        } while ((activity || liveness->bytes() != before) && !closing && lost.empty());
        if (!::ssh_is_connected(session.get())) lost = just_lost;
        if (closing || !lost.empty()) return;
        if (::ssh_event_dopoll(events, patience()) == SSH_ERROR) lost = just_lost;
        if (!liveness->check()) lost = "it does not answer any more";
        std::uint64_t count = 0;
        (void)!::read(wake.get(), &count, sizeof count);
    }
}

WEFT_INLINE void connection::worker::shut_down() {
    work_off(true);
    flush();
    const std::string why = lost.empty() ? "the connection was closed" : lost;
    for (const auto& stream : streams)
        for (auto& job : stream->unfinished()) finish(std::move(job), why, !lost.empty());
    for (auto& job : silent) finish(std::move(job), why, !lost.empty());
    for (auto& job : queue) finish(std::move(job), why, !lost.empty());
    streams.clear();
    control.reset();
    working.reset();
    liveness.reset();
    if (events != nullptr) {
        ::ssh_event_remove_fd(events, wake.get());
        ::ssh_event_remove_session(events, session.get());
        ::ssh_event_free(events);
    }
    session.reset();
    if (!lost.empty())
        tell_owner([why = lost, shell = shell_ended](connection& it) {
            if (it.on_lost) it.on_lost(why, shell);
        });
}

}  // namespace weft::remote
