// SPDX-License-Identifier: MIT
#pragma once

#include <weft/remote/connection_worker.ipp>

#include <algorithm>
#include <chrono>
#include <iterator>
#include <memory>
#include <string>
#include <system_error>
#include <utility>

// Assigns transfers to the channels of a connection.

namespace weft::remote {

/// A transfer gets a channel only when its data flows: otherwise two hosts whose channels all wait for data
/// of the other one would wait forever.
WEFT_INLINE void connection::worker::add(std::unique_ptr<file_stream> job) {
    const auto poke = [self = shared_from_this()] { self->poke(); };
    if (job->way == file_stream::direction::to_host)
        job->source.when_bytes(poke);
    else
        job->sink.when_room(poke);
    if (job->begun())
        queue.push_back(std::move(job));
    else
        silent.push_back(std::move(job));
}

WEFT_INLINE void connection::worker::add_stream() {
    streams.push_back(std::make_unique<stream_shell>(session.get(), how.scratch, activity));
}

WEFT_INLINE void connection::worker::listen_to_silent() {
    for (auto job = silent.begin(); job != silent.end();) {
        (*job)->listen();
        if ((*job)->begun()) queue.push_back(std::move(*job));
        job = *job ? std::next(job) : silent.erase(job);
    }
}

/// An idle channel, or, for a stream to the host, one that can send it at once behind others. One channel is
/// reserved for streams to the host, for the reason above.
WEFT_INLINE stream_shell* connection::worker::channel_for(const file_stream& job) {
    const bool from_host = job.way == file_stream::direction::from_host;
    std::size_t receiving = 0;
    stream_shell* best = nullptr;
    for (const auto& stream : streams) {
        receiving += stream->receives();
        const bool fits = from_host ? stream->idle() : stream->takes_more();
        if (fits && (best == nullptr || stream->jobs() < best->jobs())) best = stream.get();
    }
    return from_host && receiving >= std::max<std::size_t>(limit - 1, 1) ? nullptr : best;
}

/// Assigns waiting transfers to channels whose shell is ready, and opens channels for the rest.
WEFT_INLINE void connection::worker::take_jobs() {
    listen_to_silent();
    for (auto job = queue.begin(); job != queue.end();) {
        stream_shell* const stream = channel_for(**job);
        if (stream != nullptr) {
            refusals = 0;
            stream->take(std::move(*job));
        }
        job = stream == nullptr ? std::next(job) : queue.erase(job);
    }
    if (all_receive()) set_aside();
    if (refusals != 0 && std::chrono::steady_clock::now() < retry_at) return;
    auto on_their_way = static_cast<std::size_t>(
        std::count_if(streams.begin(), streams.end(), [](const auto& stream) { return !stream->ready(); }));
    for (; on_their_way < queue.size() && streams.size() < limit; ++on_their_way) add_stream();
}

/// No channel could be reserved for streams to the host: there is only one, or the host refused more too
/// late.
WEFT_INLINE bool connection::worker::all_receive() const {
    return streams.size() >= limit &&
           std::all_of(streams.begin(), streams.end(), [](const auto& stream) { return stream->receives(); });
}

/// Moves the data of transfers that wait for such a channel into files.
WEFT_INLINE void connection::worker::set_aside() {
    for (auto job = queue.begin(); job != queue.end();) {
        std::string trouble;
        try {
            if ((*job)->way == file_stream::direction::to_host) (*job)->set_aside(aside);
        } catch (const std::system_error& error) {
            trouble = error.what();
        }
        if (!trouble.empty()) finish(std::move(*job), trouble);
        job = *job ? std::next(job) : queue.erase(job);
    }
}

/// sshd refuses more sessions than its MaxSessions, and for a moment also when one has just ended. Waiting
/// transfers use the open channels; if there are none, opening one is retried a few times.
WEFT_INLINE void connection::worker::be_refused(const std::string& why) {
    if (!streams.empty()) {
        limit = streams.size();
        return;
    }
    limit = 1;
    if (++refusals < 6) {
        retry_at = std::chrono::steady_clock::now() + std::chrono::milliseconds(25u << refusals);
        return;
    }
    refuse_all(why + " (weft needs one for commands and one for files: is MaxSessions 1 there?)");
}

WEFT_INLINE void connection::worker::refuse_all(const std::string& why) {
    refusals = 0;
    for (auto& job : std::exchange(queue, {})) finish(std::move(job), why);
}

WEFT_INLINE void connection::worker::advance_streams() {
    for (auto stream = streams.begin(); stream != streams.end();) {
        const auto silence = (*stream)->silence();
        const auto now = std::chrono::steady_clock::now();
        if (silence >= longest_wait() / 2 && now >= next_look) {
            working->look();
            next_look = now + longest_wait() / 8;
        }
        (*stream)->give_up_after(longest_wait());
        if ((*stream)->advance()) {
            ++stream;
            continue;
        }
        const std::unique_ptr<stream_shell> ended = std::move(*stream);
        stream = streams.erase(stream);
        const std::string why = ended->trouble();
        if (ended->gave_up() && !ended->ready() && streams.empty())
            refuse_all(why);
        else if (!ended->ready())
            be_refused(why);
        const std::size_t started = ended->started();
        auto left = ended->unfinished();
        for (std::size_t at = 0; at < left.size(); ++at)
            if (at < started)
                finish(std::move(left[at]), why, ended->cut());
            else
                queue.push_back(std::move(left[at]));
        activity = true;  // the remaining transfers need another channel
    }
}

WEFT_INLINE void connection::worker::finish(std::unique_ptr<file_stream> job, const std::string& trouble,
                                            bool broke) {
    job->close();
    job->done({trouble, broke ? engine::place_event::broken : engine::place_event::refused});
}

}  // namespace weft::remote
