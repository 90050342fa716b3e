// SPDX-License-Identifier: MIT
#pragma once

#include <weft/journal/run_record.hpp>

#include <chrono>
#include <exception>
#include <functional>
#include <system_error>
#include <utility>

namespace weft::journal {

namespace detail {

/// A line without a waiter is synced within this time.
inline constexpr std::chrono::milliseconds longest_unsynced{50};

}  // namespace detail

WEFT_INLINE run_record::run_record(os::reactor& loop, const plan::view& plan,
                                   std::vector<std::string> parameters, std::string directory,
                                   journal_file file, history past)
    : loop_(loop),
      plan_(plan),
      made_of_(loop, plan, std::move(parameters), std::move(directory)),
      file_(std::move(file)),
      past_(std::move(past)) {}

WEFT_INLINE engine::past_attempt run_record::past(plan::index task) const {
    const auto found = past_.of_task.find(std::string(plan_.tasks[task].name));
    if (found == past_.of_task.end()) return {};
    engine::past_attempt left = found->second.newest;
    for (const auto& [attempt, scratch] : found->second.scratches) left.scratches.push_back(scratch);
    return left;
}

WEFT_INLINE os::async<engine::fingerprint> run_record::identify(plan::index task, const engine::place& at,
                                                                const report& so_far,
                                                                const engine::functions* calls) {
    return made_of_.of(task, at, so_far, calls);
}

WEFT_INLINE void run_record::opens(const engine::place& at) {
    add(opens_line(at));
}

WEFT_INLINE void run_record::pre_journals(const task_report& row, const engine::place& at) {
    add(pre_journal_line(row, at));
}

WEFT_INLINE void run_record::begins(const task_report& row, const engine::place& at,
                                    const engine::fingerprint& made_of) {
    add(begins_line(row, at, made_of));
}

WEFT_INLINE void run_record::ends(const task_report& row, task_state state, bool collects,
                                  const std::string& seal) {
    add(ends_line(row, state, collects, seal));
}

WEFT_INLINE void run_record::collected(const task_report& row) {
    add(collected_line(row));
}

WEFT_INLINE void run_record::removes(const task_report& row) {
    add(removes_line(row));
}

WEFT_INLINE void run_record::abandons(const task_report& row, unsigned attempt) {
    add(abandons_line(row, attempt));
}

WEFT_INLINE void run_record::removed(const task_report& row, unsigned attempt) {
    add(removed_line(row, attempt));
}

WEFT_INLINE void run_record::settles(const task_report& row) {
    add(settles_line(row));
}

WEFT_INLINE void run_record::run_ends(const report& result) {
    const std::string_view state = result.ok() ? "completed" : result.cancelled ? "cancelled" : "failed";
    add(run_ends_line(state, std::chrono::duration<double>(result.elapsed).count()));
}

WEFT_INLINE void run_record::add(const std::string& line) {
    waiting_ += line;
    if (std::exchange(scheduled_, true)) return;
    loop_.post([this] { end_turn(); });
}

/// Writes lines without a waiter now, so that they survive a crash of this process; syncs them a little
/// later.
WEFT_INLINE void run_record::end_turn() {
    scheduled_ = false;
    if (next_) return sync_soon();
    try {
        write();
    } catch (const engine::place_error&) {
        return;  // reported to the next waiter
    }
    if (dirty_ && !later_)
        later_ = loop_.after(detail::longest_unsynced, [this] {
            later_.reset();
            sync_soon();
        });
}

WEFT_INLINE void run_record::write() {
    if (waiting_.empty()) return;
    try {
        file_.append(waiting_);
    } catch (const std::system_error& error) {
        throw engine::place_error(error.what());
    }
    waiting_.clear();
    dirty_ = true;
}

WEFT_INLINE void run_record::sync_soon() {
    if (current_) return;
    if (!next_) next_ = std::make_shared<os::completion<bool>>();
    os::spawn(sync());
}

WEFT_INLINE os::async<void> run_record::sync() {
    while (next_ && !current_) {
        current_ = std::exchange(next_, nullptr);
        std::exception_ptr error;
        try {
            write();
            dirty_ = false;
            std::function<void()> work = [this] { file_.sync(); };
            co_await loop_.blocking(std::move(work));
        } catch (const engine::place_error&) {
            error = std::current_exception();
        } catch (const std::exception& trouble) {
            dirty_ = true;
            error = std::make_exception_ptr(engine::place_error(trouble.what()));
        }
        const batch done = std::exchange(current_, nullptr);
        if (error)
            done->fail(error);
        else
            done->set(true);
    }
}

WEFT_INLINE os::async<void> run_record::durable() {
    const bool more = dirty_ || !waiting_.empty();
    if (more && !next_) {
        next_ = std::make_shared<os::completion<bool>>();
        if (!std::exchange(scheduled_, true)) loop_.post([this] { end_turn(); });
    }
    const batch last = next_ ? next_ : current_;
    if (last) co_await *last;
}

}  // namespace weft::journal
