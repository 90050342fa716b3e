// SPDX-License-Identifier: MIT
#pragma once

#include <weft/config.hpp>
#include <weft/engine/backend.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace weft::remote::resident {

// The control shell of a host: one POSIX sh that reads requests from its stdin, one after the other, without
// waiting for tasks. Each request has an id. A reply is a line on stdout:
//
//     <nonce> <id> ok|err <hex of the payload>
//
// What ends later (a task, a removal) tells so on stderr, in one small write, so that lines never mix:
//
//     <nonce> <id> end <exit code of the task, or lost>          <nonce> <id> done ok|err|<bytes>
//
// Behind an exit code may come the number of the first promised output that is missing (0: none is), or, with
// a minus in front, that of the first link whose file the task wrote to, and the hex of that file's path when
// it is in a directory that was linked.
//
// Lines without the nonce are noise of a login shell and are dropped.

/// The first request (id 0): defines the functions, looks for the tools, makes and tries the scratch base.
/// The reply holds lines `slots <n>` and `shell <name>`, a line `memory <bytes>` where the host tells, a line
/// `tar gnu` where that is its tar, a line `missing <tool>` for each, and `unwritable <reason>` when the base
/// cannot be used.
std::string hello(std::string_view nonce, std::string_view run, std::string_view base);

/// Starts an attempt; its end comes as a notice. The reply is the number of the process that runs it, see
/// `runner_in`; `err` tells why it could not start. There are at least `runners` of them then. Unless its
/// scratch is there already it is made, and by the same process those of others that are expected.
std::string start(std::uint64_t id, const engine::attempt& what, std::size_t runners,
                  const std::vector<std::string>& expected = {});
std::uint32_t runner_in(std::string_view payload);

/// For an attempt that nobody answered to: when its runner was killed before it began, the attempt is given
/// to the others, or has an `end` noticed with `never` for a code.
std::string again(std::uint64_t id, std::string_view scratch);

/// Has so many runners there, and one of them look for something to do.
std::string runners(std::size_t count);

/// Has an `end` noticed for an attempt whose runner was killed.
std::string look(std::uint64_t id, std::uint32_t runner);

/// Replies at once: the shell has carried out the requests before this one.
std::string confirm(std::uint64_t id);

/// Removes scratch directories that were made for expected attempts, if they are empty.
std::string unmake(const std::vector<std::string>& scratches);

/// After a lost connection that may have taken the request along: starts the attempt if nobody has begun with
/// it, else waits for it as `attach` does. Who makes its scratch directory has begun.
std::string start_unless_begun(std::uint64_t id, const engine::attempt& what, std::size_t runners);

/// After a new connection: waits for an attempt that an earlier one started; its end comes as a notice, with
/// `lost` for a code when nobody knows, and `never` when it did not begin and can't any more.
std::string attach(std::uint64_t id, std::string_view scratch);

/// For an attempt that an earlier process began: the same, but with `never` for a code when nothing of it
/// runs, nobody knows how it ended and it can never start.
std::string resume(std::uint64_t id, const engine::attempt& what);

/// Replies `yes` when a scratch directory is as its attempt left it.
std::string intact(std::uint64_t id, std::string_view scratch);

/// Of one that is not: replies as `files::first_change` does.
std::string first_change(std::uint64_t id, std::string_view scratch);

/// Replies `yes` when there is no room on the directory's disk.
std::string seal(std::uint64_t id, std::string_view scratch);
std::string is_full(std::uint64_t id, std::string_view directory);

/// Signals a running attempt's process group.
std::string stop(std::uint64_t id, std::string_view scratch, engine::stop_signal how);

/// The paths that a pattern may match, each with a NUL behind it.
std::string match(std::uint64_t id, std::string_view directory, std::string_view pattern, bool glob);

/// Done already counts as done: it may be asked for again.
std::string rename(std::uint64_t id, std::string_view from, std::string_view to);
std::string tail(std::uint64_t id, std::string_view file, std::size_t bytes);

/// In the background; their ends come as notices. `salvage` says how many bytes are there.
std::string remove(std::uint64_t id, std::string_view path);
std::string salvage(std::uint64_t id, std::string_view directory, std::string_view path);

std::string remove_if_empty(std::uint64_t id, std::string_view directory);

/// Ends every process that carries the run's name in its environment.
std::string sweep(std::uint64_t id);

/// A line of either stream, taken apart. `kind` is "" for noise.
struct line {
    std::uint64_t id = 0;
    std::string kind;  ///< ok, err, end, done
    std::string payload;
};
line parse(std::string_view nonce, std::string_view text);

/// Whether a host may answer `path` to a question for `pattern`: component by component it is the pattern's
/// own, or, where that has a wildcard, any name. Of those `text::matches_glob` takes none that leads out.
bool answers(std::string_view pattern, bool glob, std::string_view path);

}  // namespace weft::remote::resident
