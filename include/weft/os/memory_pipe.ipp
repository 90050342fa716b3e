// SPDX-License-Identifier: MIT
#pragma once

#include <weft/os/memory_pipe.hpp>

#include <algorithm>

namespace weft::os {

WEFT_INLINE void memory_pipe::notify_reader() {
    if (!reader_waits_ || !is_readable()) return;
    reader_waits_ = false;
    changed_.notify_all();
    if (wake_reader_) wake_reader_();
}

WEFT_INLINE void memory_pipe::notify_writer() {
    if (!writer_waits_ || !is_writable()) return;
    writer_waits_ = false;
    changed_.notify_all();
    if (wake_writer_) wake_writer_();
}

WEFT_INLINE void memory_pipe::cut() {
    const std::lock_guard lock(mutex_);
    cut_ = complete_ = abandoned_ = true;
    notify_reader();
    notify_writer();
}

WEFT_INLINE bool memory_pipe::reader_went_first() {
    const std::lock_guard lock(mutex_);
    return reader_first_;
}

/// Only the writer resets an empty pipe to its start, which keeps small amounts in little memory: the reader
/// might still hold a view of the bytes.
WEFT_INLINE std::span<char> memory_pipe::room() {
    if (abandoned_) return {};
    if (!memory_) memory_ = std::make_unique_for_overwrite<char[]>(capacity);
    if (filled_ == 0) first_ = 0;
    writer_waits_ = !is_writable();
    const std::size_t offset = (first_ + filled_) % capacity;
    return {memory_.get() + offset, std::min(capacity - filled_, capacity - offset)};
}

WEFT_INLINE std::string_view memory_pipe::bytes() {
    if (cut_) return {};
    reader_waits_ = !is_readable();
    return {memory_.get() + first_, std::min(filled_, capacity - first_)};
}

WEFT_INLINE pipe_writer& pipe_writer::operator=(pipe_writer&& other) noexcept {
    if (this != &other) {
        close();
        pipe_ = std::move(other.pipe_);
    }
    return *this;
}

WEFT_INLINE void pipe_writer::close() {
    if (!pipe_) return;
    std::function<void()> wake;  // destroyed after the lock is released: what it captures may own a pipe
    {
        const std::lock_guard lock(pipe_->mutex_);
        pipe_->wake_writer_.swap(wake);
        pipe_->complete_ = true;
        pipe_->notify_reader();
    }
    pipe_.reset();
}

WEFT_INLINE std::span<char> pipe_writer::room() {
    const std::lock_guard lock(pipe_->mutex_);
    return pipe_->room();
}

WEFT_INLINE std::span<char> pipe_writer::wait_for_room() {
    std::unique_lock lock(pipe_->mutex_);
    pipe_->writer_waits_ = true;
    pipe_->changed_.wait(lock, [this] { return pipe_->is_writable(); });
    return pipe_->room();
}

WEFT_INLINE void pipe_writer::wrote(std::size_t count) {
    const std::lock_guard lock(pipe_->mutex_);
    pipe_->filled_ += count;
    pipe_->notify_reader();
}

WEFT_INLINE bool pipe_writer::write(std::string_view text) {
    while (!text.empty()) {
        const std::span<char> room = wait_for_room();
        if (room.empty()) return false;
        wrote(text.copy(room.data(), room.size()));
        text.remove_prefix(std::min(text.size(), room.size()));
    }
    return true;
}

WEFT_INLINE bool pipe_writer::abandoned() const {
    const std::lock_guard lock(pipe_->mutex_);
    return pipe_->abandoned_;
}

WEFT_INLINE void pipe_writer::when_room(std::function<void()> wake) {
    const std::lock_guard lock(pipe_->mutex_);
    pipe_->wake_writer_ = std::move(wake);
}

WEFT_INLINE pipe_reader& pipe_reader::operator=(pipe_reader&& other) noexcept {
    if (this != &other) {
        close();
        pipe_ = std::move(other.pipe_);
    }
    return *this;
}

WEFT_INLINE void pipe_reader::close() {
    if (!pipe_) return;
    std::function<void()> wake;
    {
        const std::lock_guard lock(pipe_->mutex_);
        pipe_->wake_reader_.swap(wake);
        pipe_->reader_first_ = !pipe_->complete_;
        pipe_->abandoned_ = true;
        pipe_->notify_writer();
    }
    pipe_.reset();
}

WEFT_INLINE std::string_view pipe_reader::bytes() {
    const std::lock_guard lock(pipe_->mutex_);
    return pipe_->bytes();
}

WEFT_INLINE std::string_view pipe_reader::wait_for_bytes() {
    std::unique_lock lock(pipe_->mutex_);
    pipe_->reader_waits_ = true;
    pipe_->changed_.wait(lock, [this] { return pipe_->is_readable(); });
    return pipe_->bytes();
}

WEFT_INLINE void pipe_reader::used(std::size_t count) {
    const std::lock_guard lock(pipe_->mutex_);
    pipe_->first_ = (pipe_->first_ + count) % memory_pipe::capacity;
    pipe_->filled_ -= count;
    pipe_->notify_writer();
}

WEFT_INLINE bool pipe_reader::complete() const {
    const std::lock_guard lock(pipe_->mutex_);
    return pipe_->complete_;
}

WEFT_INLINE void pipe_reader::when_bytes(std::function<void()> wake) {
    const std::lock_guard lock(pipe_->mutex_);
    pipe_->wake_reader_ = std::move(wake);
}

}  // namespace weft::os
