// SPDX-License-Identifier: MIT
#pragma once

#include <weft/remote/host_link.hpp>

#include "support/unruly_machine.hpp"

#include <cstddef>
#include <deque>
#include <exception>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace support {

/// A host and its connections, from the seed. Whatever is done by the host, by the network and by the thread
/// of a connection is an event, and the test chooses which comes next.
class unruly_host {
public:
    explicit unruly_host(unruly_machine& machine) : machine_(machine) {}

    std::unique_ptr<weft::remote::host_link> connect();

    /// The events that can come next.
    std::vector<std::function<void()>> events();

    /// From now on connections are neither refused nor lost.
    void calm_down() { calm_ = true; }
    /// Nothing can be connected to, until `come_back`.
    void go_away() { away_ = !calm_; }
    void come_back() { away_ = false; }

private:
    class link;
    struct wire;  ///< what is left of a connection when its link is gone
    void add_events(const std::shared_ptr<wire>& at, std::vector<std::function<void()>>& all);
    void lose(wire& at);
    void end_open(wire& at);
    void deliver(wire& at, std::deque<std::string>& lines, bool notice);

    unruly_machine& machine_;
    std::vector<std::shared_ptr<wire>> wires_;
    bool calm_ = false;
    bool away_ = false;
    unsigned count_ = 0;
};

struct unruly_host::wire {
    using stream_end = weft::remote::stream_end;
    struct transfer {
        std::unique_ptr<weft::remote::file_stream> what;
        std::shared_ptr<weft::os::completion<stream_end>> done;
    };
    link* owner = nullptr;  ///< null when its events are no longer wanted
    std::shared_ptr<unruly_shell> shell = std::make_shared<unruly_shell>();
    std::shared_ptr<weft::os::completion<bool>> opened;
    std::shared_ptr<weft::os::completion<bool>> closed;
    bool interrupted = false;
    bool lost = false;  ///< its thread has noticed
    bool looked = false;
    std::vector<transfer> transfers;
    std::vector<std::function<void()>> flushes;

    bool is_open() const { return opened && opened->value() != nullptr && !lost; }
};

class unruly_host::link final : public weft::remote::host_link {
public:
    explicit link(std::shared_ptr<wire> at) : at_(std::move(at)) { at_->owner = this; }
    ~link() override { at_->owner = nullptr; }

    weft::os::async<void> open(std::size_t) override {
        const auto opened = at_->opened = std::make_shared<weft::os::completion<bool>>();
        co_await *opened;
    }
    void interrupt() override { at_->interrupted = true; }
    void tell(std::string text) override {
        if (at_->is_open()) at_->shell->take(text);
    }
    void look() override { at_->looked = true; }
    void flush(std::function<void()> then) override {
        if (at_->is_open()) at_->flushes.push_back(std::move(then));
    }
    void hurry() override {}
    weft::os::async<weft::remote::stream_end> move(std::unique_ptr<weft::remote::file_stream> what) override {
        using stream_end = weft::remote::stream_end;
        if (!at_->is_open())
            co_return stream_end{"the connection was lost", weft::engine::place_event::broken};
        const auto done = std::make_shared<weft::os::completion<stream_end>>();
        at_->transfers.push_back({std::move(what), done});
        co_return co_await *done;
    }
    weft::os::async<void> close() override {
        if (!at_->opened) co_return;
        at_->owner = nullptr;
        at_->shell->cut = true;
        const auto closed = at_->closed = std::make_shared<weft::os::completion<bool>>();
        co_await *closed;
    }

private:
    std::shared_ptr<wire> at_;
};

inline std::unique_ptr<weft::remote::host_link> unruly_host::connect() {
    const auto at = wires_.emplace_back(std::make_shared<wire>());
    at->shell->number = ++count_;
    return std::make_unique<link>(at);
}

inline std::vector<std::function<void()>> unruly_host::events() {
    std::vector<std::function<void()>> all;
    std::erase_if(wires_, [](const auto& at) {
        return at->owner == nullptr && at->shell->requests.empty() && (!at->closed || at->closed->is_set());
    });
    for (const auto& at : wires_) add_events(at, all);
    machine_.add_events(all);
    return all;
}

inline void unruly_host::add_events(const std::shared_ptr<wire>& at,
                                    std::vector<std::function<void()>>& all) {
    unruly_shell& shell = *at->shell;
    const auto add = [&](std::function<void()> event) { all.push_back(std::move(event)); };
    if (at->opened && !at->opened->is_set()) add([this, at] { end_open(*at); });
    if (!shell.requests.empty() && !shell.hangs) add([this, at] { machine_.carry_out(at->shell); });
    for (std::size_t one = 0; one < at->transfers.size(); ++one)
        add([this, at, one] {
            auto ended = std::move(at->transfers[one]);
            at->transfers.erase(at->transfers.begin() + static_cast<std::ptrdiff_t>(one));
            const bool cut = at->lost || at->shell->cut || (!calm_ && machine_.chance(20));
            if (cut)
                ended.done->set({"the connection was lost", weft::engine::place_event::broken});
            else
                ended.done->set({"sha256 " + std::string(64, 'a'), {}});
        });
    if (at->closed && !at->closed->is_set() && at->transfers.empty()) add([at] { at->closed->set(true); });
    if (at->owner == nullptr || !at->is_open()) return;
    if (shell.cut) {  // its thread will notice
        add([this, at] { lose(*at); });
    } else if (!calm_ && machine_.chance(machine_.cuts())) {
        add([this, at] { machine_.cut(*at->shell); });
    }
    if (!shell.replies.empty()) add([this, at] { deliver(*at, at->shell->replies, false); });
    if (!shell.notices.empty()) add([this, at] { deliver(*at, at->shell->notices, true); });
    if (!at->flushes.empty())
        add([at] {
            const auto then = std::move(at->flushes.front());
            at->flushes.erase(at->flushes.begin());
            then();
        });
    if (at->looked)
        add([this, at] {
            at->looked = false;
            if (machine_.works(*at->shell)) at->owner->on_work(std::to_string(at->shell->number));
        });
}

inline void unruly_host::end_open(wire& at) {
    using weft::engine::place_error;
    using weft::engine::place_event;
    const auto fail = [&](const char* why, place_event event) {
        at.opened->fail(std::make_exception_ptr(place_error(why, event)));
    };
    if (at.interrupted) return fail("the run ends", place_event::refused);
    if (away_ || (!calm_ && machine_.chance(machine_.refusals())))
        return machine_.chance(50) ? fail("connection refused", place_event::unreachable)
                                   : fail("it closed the connection", place_event::broken);
    at.opened->set(true);
}

inline void unruly_host::lose(wire& at) {
    at.lost = true;
    machine_.tell("lost", *at.shell, {});
    at.owner->on_lost("the connection was lost", machine_.chance(20));
}

/// Mostly in order and once each; what a host says is not trusted.
inline void unruly_host::deliver(wire& at, std::deque<std::string>& lines, bool notice) {
    const auto& event = notice ? at.owner->on_notice : at.owner->on_reply;
    if (machine_.disorder()) return event(machine_.noise(*at.shell));
    const std::size_t one = machine_.disorder() ? machine_.below(static_cast<unsigned>(lines.size())) : 0;
    std::string line = lines[one];
    if (!machine_.disorder()) lines.erase(lines.begin() + static_cast<std::ptrdiff_t>(one));
    machine_.tell("arrives from", *at.shell, line);
    if (notice) machine_.note_arrival(line);
    event(std::move(line));
}

}  // namespace support
