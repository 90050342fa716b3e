// SPDX-License-Identifier: MIT
#pragma once

#include <weft/config.hpp>

#include <condition_variable>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <string_view>
#include <utility>

namespace weft::os {

/// A pipe within this process: the reader reads the bytes in the memory into which the writer put them, so
/// that they are not copied between threads. Each end belongs to one thread at a time, which either blocks on
/// the other end or registers a wake-up function.
///
///     const auto through = std::make_shared<memory_pipe>();
///     pipe_writer sink(through);    // for one thread
///     pipe_reader source(through);  // for another
class memory_pipe {
public:
    static constexpr std::size_t capacity = 1u << 20;
    /// The reader is woken from this many bytes on, or at the end; the writer when half of the pipe is free.
    static constexpr std::size_t enough = 128 * 1024;

    /// Closes both ends: reads and writes report the end from now on. Callable from any thread.
    void cut();
    /// Whether the reader closed its end before the writer had finished, and so ended the stream.
    bool reader_went_first();

private:
    friend class pipe_reader;
    friend class pipe_writer;

    std::span<char> room();
    std::string_view bytes();
    bool is_readable() const { return filled_ >= enough || complete_; }
    bool is_writable() const { return capacity - filled_ >= capacity / 2 || abandoned_; }
    void notify_reader();
    void notify_writer();

    std::mutex mutex_;  ///< guards everything except the contents of the memory
    std::condition_variable changed_;
    std::unique_ptr<char[]> memory_;
    std::size_t first_ = 0;  ///< offset of the next byte to read; the contents wrap around
    std::size_t filled_ = 0;
    bool complete_ = false;   ///< the writer has finished
    bool abandoned_ = false;  ///< the reader has gone
    bool cut_ = false;
    bool reader_first_ = false;
    bool reader_waits_ = false;
    bool writer_waits_ = false;
    std::function<void()> wake_reader_;
    std::function<void()> wake_writer_;
};

/// The writing end. After it is closed the reader gets the remaining bytes, then the end.
class pipe_writer {
public:
    pipe_writer() = default;
    explicit pipe_writer(std::shared_ptr<memory_pipe> pipe) : pipe_(std::move(pipe)) {}
    pipe_writer(pipe_writer&&) noexcept = default;
    pipe_writer& operator=(pipe_writer&& other) noexcept;
    ~pipe_writer() { close(); }

    explicit operator bool() const { return pipe_ != nullptr; }
    void close();

    /// The free memory for the next bytes; empty when the pipe is full or abandoned.
    std::span<char> room();
    /// Blocks until there is room; empty when the reader has gone.
    std::span<char> wait_for_room();
    /// Commits the first `count` bytes of the room.
    void wrote(std::size_t count);
    /// Copies `text` into the pipe and blocks while it is full; false when the reader has gone.
    bool write(std::string_view text);
    /// Whether the reader has gone.
    bool abandoned() const;
    /// Calls `wake` when there is room again after the pipe was nearly full: on any thread, asynchronously.
    /// `wake` must not use the pipe.
    void when_room(std::function<void()> wake);

private:
    std::shared_ptr<memory_pipe> pipe_;
};

/// The reading end. When it is closed the writer sees the pipe as abandoned.
class pipe_reader {
public:
    pipe_reader() = default;
    explicit pipe_reader(std::shared_ptr<memory_pipe> pipe) : pipe_(std::move(pipe)) {}
    pipe_reader(pipe_reader&&) noexcept = default;
    pipe_reader& operator=(pipe_reader&& other) noexcept;
    ~pipe_reader() { close(); }

    explicit operator bool() const { return pipe_ != nullptr; }
    void close();

    /// The unread bytes up to the wrap-around of the buffer.
    std::string_view bytes();
    /// Blocks until there are bytes; empty at the end.
    std::string_view wait_for_bytes();
    /// Releases the first `count` bytes.
    void used(std::size_t count);
    /// Whether the writer has finished; unread bytes may remain.
    bool complete() const;
    /// Whether all bytes were read and the writer has finished.
    bool ended() { return complete() && bytes().empty(); }
    /// The counterpart of `when_room`: calls `wake` when enough bytes or the end have arrived.
    void when_bytes(std::function<void()> wake);

private:
    std::shared_ptr<memory_pipe> pipe_;
};

}  // namespace weft::os
