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

/// The sending half, beside the receiving one: its end is awaited through `done`.
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

/// Whether what failed may succeed at the next try.
inline bool is_restored(const std::exception& error) {
    const auto* const at_place = dynamic_cast<const engine::place_error*>(&error);
    return at_place != nullptr && at_place->event() == engine::place_event::restored;
}

/// How one try at a copy ended: well when there is no trouble.
struct copy_end {
    std::string trouble;
    bool altered = false;      ///< all of it arrived, but not as it was
    bool interrupted = false;  ///< a place was cut off in the middle, and is there again
};

/// How often one copy may be cut off. Each time the host came back within its deadline.
inline constexpr int most_interruptions = 10;

/// Into `partial`, where what `form` leaves out is already.
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
        through->cut();  // else the sender waits for a reader for ever
    }
    try {
        sent = co_await state->done;
    } catch (const std::exception& error) {
        if (is_restored(error)) end.interrupted = true;
        // A failed sender truncates the stream and a failed receiver breaks it: whichever ended it is the
        // cause, and what the other one says follows from it.
        if (end.trouble.empty() || !through->reader_went_first()) end.trouble = error.what();
    }
    if (stop.stop_requested()) {
        end.trouble = "staging was cancelled";
        end.interrupted = false;
    }
    if (end.trouble.empty() && sent != received) {
        end.altered = true;
        end.trouble = "what arrived in " + partial + " is not what was sent from " + from_directory +
                      ": SHA-256 " + received.sha256 + " instead of " + sent.sha256;
    }
    co_return end;
}

/// Leaves of a copy that failed only what another try goes on with: how many bytes of a single file.
WEFT_INLINE os::async<std::uint64_t> clear(engine::files& to, std::string partial, std::string file) {
    std::uint64_t there = 0;
    try {
        if (file.empty())
            co_await to.remove(std::move(partial));
        else
            there = co_await to.salvage(std::move(partial), std::move(file));
    } catch (const std::exception&) {
        // The place is in trouble already; the first error tells of it, or the next one.
    }
    co_return there;
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
        const bool went_on = form.there != 0;
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
        const bool goes_on = end.interrupted && ++interrupted < detail::most_interruptions;
        std::string file = goes_on && paths.size() == 1 ? paths.front() : std::string();
        form.there = co_await detail::clear(to, partial, std::move(file));
        // What went wrong once on the way may go well the next time, and so may what went wrong behind bytes
        // that were there; twice is a fault that somebody must see to.
        const bool from_the_start = went_on && !stop.stop_requested();
        if (goes_on || from_the_start || (end.altered && ++altered < 2)) continue;
        if (altered == 2) end.trouble += ", at the second try too";
        throw engine::place_error(end.trouble);
    }
}

}  // namespace weft::transfer
