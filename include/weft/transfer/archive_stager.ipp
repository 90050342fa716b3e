// SPDX-License-Identifier: MIT
#pragma once

#include <weft/engine/backend.hpp>
#include <weft/os/memory_pipe.hpp>
#include <weft/transfer/archive_stager.hpp>

#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace weft::transfer {

namespace detail {

/// The state of the sending half, which runs beside the receiving one; `done` awaits its end.
struct sending {
    os::completion<engine::digest> done;
};

WEFT_INLINE os::async<void> send(engine::files& from, std::string directory, std::vector<std::string> paths,
                                 engine::stream_form form, os::pipe_writer sink,
                                 std::shared_ptr<sending> state) {
    std::optional<engine::digest> result;
    std::exception_ptr error;
    try {
        result = co_await from.send(std::move(directory), std::move(paths), form, std::move(sink));
    } catch (...) {
        error = std::current_exception();
    }
    if (error)
        state->done.fail(error);
    else
        state->done.set(*std::move(result));
}

/// Whether the operation may succeed if it is retried.
WEFT_INLINE bool is_restored(const std::exception& error) {
    const auto* const at_place = dynamic_cast<const engine::place_error*>(&error);
    return at_place != nullptr && at_place->event() == engine::place_event::restored;
}

/// The result of one attempt at a copy; `trouble` is empty on success.
struct copy_end {
    std::string trouble;
    bool altered = false;      ///< everything arrived, but the digests differ
    bool interrupted = false;  ///< a place's connection broke during the copy and has been restored
};

/// How often one copy may be interrupted. Each time the host has reconnected within its deadline.
inline constexpr int most_interruptions = 10;

/// Copies into `partial`, which already has the first `form.there` bytes.
WEFT_INLINE os::async<copy_end> copy_once(engine::files& from, std::string from_directory,
                                          std::vector<std::string> paths, engine::stream_form form,
                                          engine::files& to, std::string partial, std::stop_token stop) {
    copy_end end;
    const auto through = std::make_shared<os::memory_pipe>();
    const std::stop_callback cut(stop, [&] { through->cut(); });

    const auto state = std::make_shared<sending>();
    os::pipe_writer sink(through);
    os::pipe_reader source(through);
    os::spawn(send(from, from_directory, std::move(paths), form, std::move(sink), state));

    engine::digest received;
    engine::digest sent;
    try {
        received = co_await to.receive(partial, std::move(source));
    } catch (const std::exception& error) {
        end.interrupted = is_restored(error);
        end.trouble = error.what();
        through->cut();  // otherwise the sender would wait for the reader forever
    }
    try {
        sent = co_await state->done;
    } catch (const std::exception& error) {
        if (is_restored(error)) end.interrupted = true;
        // A failed sender truncates the stream and a failed receiver breaks it: the side that ended first is
        // the cause, and the other side's error is its consequence.
        if (end.trouble.empty() || !through->reader_went_first()) end.trouble = error.what();
    }
    if (stop.stop_requested()) {
        end.trouble = "staging was cancelled";
        end.interrupted = false;
    }
    if (end.trouble.empty() && sent != received) {
        end.altered = true;
        end.trouble = "the files that arrived in " + partial + " differ from those in " + from_directory +
                      ": SHA-256 " + received.sha256 + " instead of " + sent.sha256;
    }
    co_return end;
}

/// Removes what a failed copy left, except the part of a single file that a retry continues; returns its
/// size.
WEFT_INLINE os::async<std::uint64_t> clear(engine::files& to, std::string partial, std::string file) {
    std::uint64_t offset = 0;
    try {
        if (file.empty())
            co_await to.remove(std::move(partial));
        else
            offset = co_await to.salvage(std::move(partial), std::move(file));
    } catch (const std::exception&) {
        // The place has failed already; the first or the next error reports it.
    }
    co_return offset;
}

}  // namespace detail

WEFT_INLINE os::async<void> archive_stager::copy(engine::files& from, std::string from_directory,
                                                 std::vector<std::string> paths, engine::files& to,
                                                 std::string to_directory, std::stop_token stop) {
    if (stop.stop_requested()) throw engine::place_error("staging was cancelled");
    const std::string partial = to_directory + ".part";
    engine::stream_form form;
    form.pax = co_await from.knows_pax() && co_await to.knows_pax();
    for (int altered = 0, interrupted = 0;;) {
        const bool continued = form.there != 0;
        auto same = paths;
        detail::copy_end end =
            co_await detail::copy_once(from, from_directory, std::move(same), form, to, partial, stop);
        if (end.trouble.empty()) {
            try {
                co_return co_await to.rename(partial, to_directory);
            } catch (const std::exception& error) {
                end.trouble = error.what();
            }
        }
        const bool retries = end.interrupted && ++interrupted < detail::most_interruptions;
        std::string file = retries && paths.size() == 1 ? paths.front() : std::string();
        form.there = co_await detail::clear(to, partial, std::move(file));
        // Retry a copy that was altered once, and one that continued a partial file, whose received part may
        // be the cause. A second failure is reported.
        const bool from_the_start = continued && !stop.stop_requested();
        if (retries || from_the_start || (end.altered && ++altered < 2)) continue;
        if (altered == 2) end.trouble += ", also on the second attempt";
        throw engine::place_error(end.trouble);
    }
}

}  // namespace weft::transfer
