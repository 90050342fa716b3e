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

/// A pipe within this process: what one end writes into its memory the other end reads there, so that no byte
/// is copied on its way from one thread to another. Each end belongs to one thread at a time, which waits for
/// the other end or has itself woken.
///
///     const auto through = std::make_shared<memory_pipe>();
///     pipe_writer sink(through);    // for one thread
///     pipe_reader source(through);  // for another
class memory_pipe {
public:
    static constexpr std::size_t capacity = 1u << 20;
    /// A reader is not woken for less, unless that is all, and a writer not before half of it is free.
    static constexpr std::size_t enough = 128 * 1024;

    /// Ends it for both: nothing more comes out of it and nothing goes in. From any thread.
    void cut();
    /// Whether the reader went before the writer had ended: then it was the reader that ended the stream.
    bool reader_went_first();

private:
    friend class pipe_reader;
    friend class pipe_writer;

    std::span<char> room();
    std::string_view bytes();
    bool is_readable() const { return filled_ >= enough || complete_; }
    bool is_writable() const { return capacity - filled_ >= capacity / 2 || abandoned_; }
    void tell_reader();
    void tell_writer();

    std::mutex mutex_;  ///< guards all but what is in the memory
    std::condition_variable changed_;
    std::unique_ptr<char[]> memory_;
    std::size_t first_ =
        0;  ///< where the next byte to read is; those behind the memory's end are at its start
    std::size_t filled_ = 0;
    bool complete_ = false;   ///< nothing more will be written
    bool abandoned_ = false;  ///< nothing more will be read
    bool cut_ = false;
    bool reader_first_ = false;
    bool reader_waits_ = false;
    bool writer_waits_ = false;
    std::function<void()> wake_reader_;
    std::function<void()> wake_writer_;
};

/// The end that writes. When it goes the reader gets what is left, and then the end.
class pipe_writer {
public:
    pipe_writer() = default;
    explicit pipe_writer(std::shared_ptr<memory_pipe> pipe) : pipe_(std::move(pipe)) {}
    pipe_writer(pipe_writer&&) noexcept = default;
    pipe_writer& operator=(pipe_writer&& other) noexcept;
    ~pipe_writer() { close(); }

    explicit operator bool() const { return pipe_ != nullptr; }
    void close();

    /// Where the next bytes can be put now; empty when it is full, or abandoned.
    std::span<char> room();
    /// Waits for some; empty when nobody reads any more.
    std::span<char> wait_for_room();
    /// So many bytes were put into the room.
    void wrote(std::size_t count);
    /// Copies `text` into it, waiting for room; false when nobody reads any more.
    bool write(std::string_view text);
    /// Nobody reads any more.
    bool abandoned() const;
    /// `wake` is called, on any thread and without being waited for, when there is room again after there
    /// was little. It may not call the pipe.
    void when_room(std::function<void()> wake);

private:
    std::shared_ptr<memory_pipe> pipe_;
};

/// The end that reads. When it goes the writer is told that nobody reads.
class pipe_reader {
public:
    pipe_reader() = default;
    explicit pipe_reader(std::shared_ptr<memory_pipe> pipe) : pipe_(std::move(pipe)) {}
    pipe_reader(pipe_reader&&) noexcept = default;
    pipe_reader& operator=(pipe_reader&& other) noexcept;
    ~pipe_reader() { close(); }

    explicit operator bool() const { return pipe_ != nullptr; }
    void close();

    /// What has come and was not used yet, as far as it is in one piece.
    std::string_view bytes();
    /// Waits for some; empty at the end.
    std::string_view wait_for_bytes();
    /// So many of them are done with.
    void used(std::size_t count);
    /// Nothing more comes behind what there is.
    bool complete() const;
    /// Everything was used and nothing more comes.
    bool ended() { return complete() && bytes().empty(); }
    /// As a writer's `when_room`: when there are bytes again, or the end, after there were few.
    void when_bytes(std::function<void()> wake);

private:
    std::shared_ptr<memory_pipe> pipe_;
};

}  // namespace weft::os
