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

/// What the connection's thread owns. `mutex` guards the inbox and the way back; all else belongs to the
/// thread.
struct connection::worker : std::enable_shared_from_this<worker> {
    os::reactor* loop;            ///< guarded; none when the thread was left behind
    std::shared_ptr<void> guest;  ///< guarded; of the loop, while the thread may have something to post
    ssh::interruption stop;
    std::string name;
    ssh_host how;
    std::string aside;  ///< a directory here
    os::descriptor wake{::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};
    std::mutex mutex;
    std::vector<std::function<void()>> inbox;
    std::thread thread;

    // How events reach the reactor; cleared there when the connection closes.
    connection* owner = nullptr;

    ssh::session_handle session;
    std::optional<silence_check> liveness;
    ssh_event events = nullptr;
    std::unique_ptr<ssh::channel> control;
    detail::line_cutter replies;
    detail::line_cutter notices;
    std::optional<shell_activity> working;
    std::list<std::unique_ptr<stream_shell>> streams;
    std::list<std::unique_ptr<file_stream>> silent;  ///< to the host, of which nothing has come yet
    std::deque<std::unique_ptr<file_stream>> queue;  ///< wait for a channel
    std::size_t limit = most_streams;  ///< of streams at a time; lower when the host refused more
    unsigned refusals = 0;             ///< in a row, with no other stream there
    std::chrono::steady_clock::time_point retry_at{};
    std::size_t streams_ahead = 0;
    bool activity = false;
    bool closing = false;
    bool finished = false;  ///< guarded: nothing more is taken from the inbox
    bool hurried = false;
    std::chrono::steady_clock::time_point next_look{};
    std::string lost;
    bool shell_ended = false;

    // Half of sshd's default MaxSessions, the control channel included: more fail at times.
    static constexpr std::size_t most_streams = 4;

    worker(os::reactor& reactor, std::string host, ssh_host binding)
        : loop(&reactor), name(std::move(host)), how(std::move(binding)) {}

    /// From the reactor: `action` runs on the thread. False when that has ended.
    bool post(std::function<void()> action) {
        {
            const std::lock_guard lock(mutex);
            if (finished) return false;
            inbox.push_back(std::move(action));
        }
        return poke();
    }

    /// Has the thread look at everything; from any thread.
    bool poke() const {
        const std::uint64_t one = 1;
        return ::write(wake.get(), &one, sizeof one) == sizeof one;
    }

    /// On the thread: does what the reactor asked for; false when there was nothing.
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

    /// From the thread: `action` runs on the reactor, if it still waits for this thread.
    void post_back(std::function<void()> action) {
        const std::lock_guard lock(mutex);
        if (loop != nullptr) loop->post(std::move(action));
    }

    /// From the reactor: it goes on without this thread.
    void leave_behind() {
        const std::lock_guard lock(mutex);
        guest.reset();
        loop = nullptr;
    }

    /// From the thread: it posts nothing any more.
    void take_leave() {
        const std::lock_guard lock(mutex);
        guest.reset();
    }

    /// From the thread: `event` runs on the reactor, if the connection is still wanted.
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

/// Of the shells of this connection those that do not answer and work all the same are waited for.
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

/// How long to wait for events, in milliseconds.
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
