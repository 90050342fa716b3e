// SPDX-License-Identifier: MIT
#pragma once

#include <weft/config.hpp>
#include <weft/engine/backend.hpp>
#include <weft/os/descriptor.hpp>
#include <weft/os/process.hpp>

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace weft::local {

// A task's stdout and stderr are files. The kernel opens a file anew when a task opens `/dev/stderr`, and
// empties it when that is for `>`: all that was there would be lost. It does not empty a pipe. So a task
// whose command names its streams as files writes to two pipes, each with a `cat` that appends to the file.
//
// The readers are outside of the task's process group and end with the last process that can write to their
// pipe. Nobody waits longer than `reader_grace` for those that a process keeps open which left the group.

/// Whether a task's command, or a variable of its environment, names files that are its own streams.
bool names_its_streams(const engine::attempt& what);

/// How long readers may take once the task and its group have ended.
inline constexpr std::chrono::milliseconds reader_grace{500};

/// The readers of one task of this machine.
class stream_readers {
public:
    /// Starts them, marked as processes of `run`. Throws `std::system_error`.
    stream_readers(const os::descriptor& output, const os::descriptor& error, const std::string& run);
    stream_readers(stream_readers&&) = default;
    stream_readers& operator=(stream_readers&&) = delete;
    /// Ends those that are still there.
    ~stream_readers();

    int output() const { return output_.get(); }  ///< to write to, as `error`
    int error() const { return error_.get(); }
    /// The task has its own descriptors.
    void release();

    /// Waits, at most `reader_grace`; false when one has not ended.
    bool wait() const;
    /// Frees those that have ended; false when one could not write all.
    bool reap();

private:
    stream_readers() = default;

    std::vector<os::process> readers_;
    os::descriptor output_;
    os::descriptor error_;
};

namespace detail {

// The same in a runner, see runner_script.hpp. `weft_piped`, which a job sets, is the run's name.
inline constexpr std::string_view named_streams = R"sh(
weft_fifos=
weft_make_fifos() {
  [ -n "$weft_fifos" ] && return
  weft_fifo=$weft_jobs/fifo$$
  rm -f "$weft_fifo.1" "$weft_fifo.2"
  mkfifo "$weft_fifo.1" "$weft_fifo.2" && weft_fifos=yes
}
weft_state_of() { # NUMBER; leaves what stands behind the program's name in /proc/NUMBER/stat
  weft_line=
  [ -e "/proc/$1/stat" ] && read -r weft_line <"/proc/$1/stat"
  weft_line=${weft_line##*\) }
}
# A reader must be out of this group before the task starts: what is in the group is ended with the task.
weft_await_session() { # READER
  while weft_state_of "$1"; do
    case $weft_line in '' | [ZX]*) return ;; esac
    case ${weft_line#? * } in "$$ "*) ;; *) return ;; esac
  done
}
weft_drain() { # READER
  weft_try=0
  while weft_state_of "$1"; do
    case $weft_line in '' | [ZX]*) break ;; esac
    weft_try=$((weft_try + 1))
    # The next task must not meet in these fifos who writes to them yet.
    [ "$weft_try" -lt 100 ] || { weft_fifos=; return; }
    [ "$weft_try" -lt 50 ] || sleep 0.01
  done
  wait "$1" || [ "$weft_code" != 0 ] || weft_code=1
}
# Each fifo is opened for both ways first, which does not wait. The readers' ends are closed here before the task
# starts: a reader that cannot write must not leave the task waiting.
weft_call_piped() { # PROGRAM [ARGUMENT...]
  weft_make_fifos || return
  {
    exec 4<&- 7<&-
    WEFT_RUN=$weft_pipes setsid cat <&5 >>.weft/stdout 2>>.weft/stderr 3>&- 5<&- 6>&- 8<&- 9>&- &
    weft_reader_1=$!
    WEFT_RUN=$weft_pipes setsid cat <&8 >>.weft/stderr 2>&1 3>&- 5<&- 6>&- 8<&- 9>&- &
    weft_reader_2=$!
    exec 5<&- 8<&-
    weft_await_session "$weft_reader_1"
    weft_await_session "$weft_reader_2"
    weft_count
    weft_before=$weft_newest
    { umask "$weft_umask"; "$weft_how" "$@"; weft_code=$?; umask 077; } </dev/null >&6 2>&9 3>&- 6>&- 9>&-
    exec 6>&- 9>&-
    weft_end_leaves
    weft_drain "$weft_reader_1"
    weft_drain "$weft_reader_2"
  } 4<>"$weft_fifo.1" 5<"$weft_fifo.1" 6>"$weft_fifo.1" 7<>"$weft_fifo.2" 8<"$weft_fifo.2" 9>"$weft_fifo.2"
}
)sh";

}  // namespace detail

}  // namespace weft::local
