// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

namespace weft::remote::resident::detail {

// Pipes with readers for a job's output, see engine/named_streams.hpp; part of the runner
// (runner_script.hpp). A job sets `weft_piped` to the run's name.
inline constexpr std::string_view named_streams = R"sh(
weft_fifos=
weft_make_fifos() {
  [ -n "$weft_fifos" ] && return
  weft_fifo=$weft_jobs/fifo$$
  rm -f "$weft_fifo.1" "$weft_fifo.2"
  mkfifo "$weft_fifo.1" "$weft_fifo.2" && weft_fifos=yes
}
weft_state_of() { # NUMBER; sets weft_line to the fields after the program's name in /proc/NUMBER/stat
  weft_line=
  [ -e "/proc/$1/stat" ] && read -r weft_line <"/proc/$1/stat"
  weft_line=${weft_line##*\) }
}
# A reader must leave this group before the task starts, because the group is killed with the task.
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
    # Do not reuse the fifos for the next task while this task's processes still write to them.
    [ "$weft_try" -lt 100 ] || { weft_fifos=; return; }
    [ "$weft_try" -lt 50 ] || sleep 0.01
  done
  wait "$1" || [ "$weft_code" != 0 ] || weft_code=1
}
# Opens each fifo for reading and writing first, which does not block. The readers' ends are closed in this shell before
# the task starts: if a reader fails, the task gets an error instead of blocking.
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

}  // namespace weft::remote::resident::detail
