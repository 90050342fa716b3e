// SPDX-License-Identifier: MIT
#pragma once

#include <weft/config.hpp>
#include <weft/engine/backend.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace weft::remote::resident {

// The control shell of a host: one POSIX sh that reads requests from its stdin, one at a time, and does not
// wait for tasks. Each request has an id. A reply is a line on stdout:
//
//     <nonce> <id> ok|err <hex of the payload>
//
// The later end of a task or a removal is reported on stderr as a notice, in one small write, so that lines
// are never interleaved:
//
//     <nonce> <id> end <exit code of the task, or lost>          <nonce> <id> done ok|err|<bytes>
//
// The exit code may be followed by the number of the first missing promised output (0: none is missing), or
// by the negative number of the first link whose file the task wrote to, and the hex of that file's path if
// the link is a directory.
//
// Lines without the nonce are output of a login shell and are dropped.

/// The first request (id 0): defines the functions, looks for the tools, and creates the scratch base. The
/// reply has lines `slots <n>` and `shell <name>`, `memory <bytes>` where the host reports it, `tar gnu` for
/// GNU tar, `missing <tool>` for each missing tool, and `unwritable <reason>` when the base cannot be used.
std::string hello(std::string_view nonce, std::string_view run, std::string_view base);

/// Starts an attempt; its end is reported by a notice. The reply has the process id of its runner, see
/// `runner_in`; `err` has the reason why it could not start. Ensures that there are at least `runners`
/// runners. Creates the scratch directory if necessary, together with those of `expected` attempts.
std::string start(std::uint64_t id, const engine::attempt& attempt, std::size_t runners,
                  const std::vector<std::string>& expected = {});
std::uint32_t runner_in(std::string_view payload);

/// For an attempt without a reply: if its runner was killed before it started, the attempt is given to the
/// other runners, or reported by an `end` with the code `never`.
std::string again(std::uint64_t id, std::string_view scratch);

/// Ensures that `count` runners are alive, and wakes one of them.
std::string runners(std::size_t count);

/// Reports an `end` for an attempt whose runner was killed.
std::string look(std::uint64_t id, std::uint32_t runner);

/// Replies at once: the shell has carried out the requests before this one.
std::string confirm(std::uint64_t id);

/// Removes empty scratch directories of expected attempts.
std::string unmake(const std::vector<std::string>& scratches);

/// For a request that may have been lost with the connection: starts the attempt if it has not been claimed,
/// otherwise waits for it like `attach`. Creating its scratch directory claims it.
std::string start_unless_begun(std::uint64_t id, const engine::attempt& attempt, std::size_t runners);

/// After a reconnect: waits for an attempt that was started before; its end is reported by a notice, with the
/// code `lost` when it is unknown, and `never` when the attempt did not start and never will.
std::string attach(std::uint64_t id, std::string_view scratch);

/// The same for an attempt of an earlier process, but the code is `never` when none of it runs, its exit code
/// is unknown and it can never start.
std::string resume(std::uint64_t id, const engine::attempt& attempt);

/// Replies `yes` when a scratch directory has not changed since the end of its attempt.
std::string intact(std::uint64_t id, std::string_view scratch);

/// For a changed one: replies as `files::first_change` does.
std::string first_change(std::uint64_t id, std::string_view scratch);

/// Replies as `files::seal` does.
std::string seal(std::uint64_t id, std::string_view scratch);
/// Replies `yes` when the directory's disk is full.
std::string is_full(std::uint64_t id, std::string_view directory);

/// Signals a running attempt's process group.
std::string stop(std::uint64_t id, std::string_view scratch, engine::stop_signal signal);

/// The paths that a pattern may match, NUL-terminated.
std::string match(std::uint64_t id, std::string_view directory, std::string_view pattern, bool glob);

/// Idempotent: a rename that was done already succeeds, so the request may be repeated.
std::string rename(std::uint64_t id, std::string_view from, std::string_view to);
std::string tail(std::uint64_t id, std::string_view file, std::size_t bytes);

/// Run in the background; their ends are reported by notices. `salvage` reports the number of bytes kept.
std::string remove(std::uint64_t id, std::string_view path);
std::string salvage(std::uint64_t id, std::string_view directory, std::string_view path);

std::string remove_if_empty(std::uint64_t id, std::string_view directory);

/// Ends every process that carries the run's name in its environment.
std::string sweep(std::uint64_t id);

/// A parsed line of either stream. `kind` is empty for noise.
struct line {
    std::uint64_t id = 0;
    std::string kind;  ///< ok, err, end, done
    std::string payload;
};
line parse(std::string_view nonce, std::string_view text);

/// Whether a host may return `path` for `pattern`: each component must equal the pattern's or, where that has
/// a wildcard, be any name. `text::matches_glob` rejects those that lead out of the directory.
bool answers(std::string_view pattern, bool glob, std::string_view path);

}  // namespace weft::remote::resident
