// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

namespace weft::remote::resident::detail {

// Functions that the resident shell uses too.
inline constexpr std::string_view shared_functions = R"sh(
weft_hex() { od -An -v -tx1 | tr -d ' \n'; }
# Claims a file by creating it; WORDs are its contents, which may be lost when the disk is full.
weft_claim() { # FILE WORD...
  weft_file=$1
  shift
  set -C
  { [ $# = 0 ] || echo "$@"; :; } >"$weft_file"
  weft_code=$?
  set +C
  return "$weft_code"
}
weft_end() { printf '%s %s end %s\n' "$weft_nonce" "$1" "$2" >&3; } # ID CODE
weft_err() { printf '%s %s err %s\n' "$weft_nonce" "$1" "$(printf %s "$2" | weft_hex)"; } # ID WHY
weft_group() { # GROUP; prints its members without the leader
  for weft_pid in $(grep -lsE "^[0-9]+ \(.*\) [^ZX] [0-9]+ $1( -?[0-9]+)+ *$" /proc/[0-9]*/stat | tr -cd '0-9\n'); do
    [ "$weft_pid" = "$1" ] || echo "$weft_pid"
  done
}
)sh";

// The POSIX sh that runs tasks on a host, one after the other. A host has as many runners as tasks have run
// on it at once. Each leads its own session, so that neither the end of the connection nor its signals reach
// a task. The runner starts the task itself: dash does that without forking a subshell, so that a task costs
// one process.
//
// Its jobs are numbered files, written before a newline goes into the fifo on its stdin: the runner that
// reads that byte searches for an unclaimed job and claims it by creating a file beside it. Only the resident
// shell holds the fifo open for writing, so when it ends, for any reason, its runners end after their current
// job.
inline constexpr std::string_view runner = R"sh(
weft_nonce=$1 weft_boot=$2 weft_umask=$3 weft_shell=$4 weft_jobs=$5 weft_next=$6 weft_only=$7
shift 7
exec 2>/dev/null
umask 077
unset CDPATH
trap : HUP INT QUIT PIPE ALRM TERM USR1 USR2
weft_known=' ' weft_piped=

# Sets weft_newest to the id of the newest process of the system.
weft_count() { read -r weft_newest weft_newest weft_newest weft_newest weft_newest </proc/loadavg; }
weft_counts=
weft_count && weft_before=$weft_newest && { : & } && weft_count && wait && [ "$!" -gt "$weft_before" ] &&
  [ "$!" -le "$weft_newest" ] && weft_counts=yes

# Sets weft_left to the processes that a task left in this shell's group. Their ids were assigned since the task started:
# a few ids are checked one by one; for many, or in a container that shows the host's ids, all processes are.
weft_leaves() {
  weft_left=
  weft_count
  weft_number=$weft_before
  if [ -n "$weft_counts" ] && [ "$weft_before" -le "$weft_newest" ] &&
    [ $((weft_newest - weft_before)) -le 200 ]; then
    while [ "$weft_number" -lt "$weft_newest" ]; do
      weft_number=$((weft_number + 1))
      [ -e "/proc/$weft_number/stat" ] && read -r weft_line <"/proc/$weft_number/stat" || continue
      weft_line=${weft_line##*\) }
      case $weft_line in [ZX]*) continue ;; esac
      case ${weft_line#? * } in "$$ "*) weft_left="$weft_left $weft_number" ;; esac
    done
    return
  fi
  for weft_number in $(weft_group $$); do
    [ ! -e "/proc/$weft_number/cwd" ] || weft_left="$weft_left $weft_number"
  done
}
weft_end_leaves() {
  weft_leaves
  [ -z "$weft_left" ] && return
  kill -TERM $weft_left
  for weft_try in 1 2 3 4 5; do sleep 0.1; weft_leaves; [ -z "$weft_left" ] && return; done
  for weft_try in 1 2 3 4 5; do
    kill -KILL $weft_left
    sleep 0.01
    weft_leaves
    [ -z "$weft_left" ] && return
  done
}
# weft_have NUMBER PATH...: whether one of the paths exists; used by `weft_promised`
weft_have() {
  weft_missing=$1
  shift
  for weft_path do [ -e "$weft_path" ] && return; done
  return 1
}
# weft_input NUMBER DIRECTORY PATH: checks a linked file or directory, which must not change after its own task ended (or it
# was copied). Sets weft_altered to the number of the first that the task wrote to. File times show it without a process;
# an input that had changed before, or has the same time as the mark, is compared by size and time.
weft_input() {
  weft_file=$2/$3
  weft_mark=$2/.weft/exit
  [ -e "$weft_mark" ] || weft_mark=$2
  if [ -n "$weft_before_task" ]; then
    [ ! -d "$weft_file" ] && [ .weft/wrapper -nt "$weft_mark" ] && [ ! "$weft_file" -nt "$weft_mark" ] && return
    weft_looked="$weft_looked$1 "
    eval "weft_was_$1=\$(weft_state)"
    return
  fi
  case " $weft_looked" in
    *" $1 "*) eval "[ \"\$weft_was_$1\" != \"\$(weft_state)\" ]" || return ;;
    *) [ "$weft_file" -nt "$weft_mark" ] || return ;;
  esac
  [ -z "$weft_altered" ] || return
  weft_altered=$1
  [ ! -d "$weft_file" ] || weft_name_change "$2" "$1"
}
# Appends the file's path, relative to DIRECTORY and in hexadecimal, to the number. A name with a line end is not found.
weft_name_change() { # DIRECTORY NUMBER
  eval "printf '%s\n' \"\$weft_was_$2\"" >.weft/was
  weft_line=$(weft_state | grep -vxFf .weft/was | while read -r weft_line; do
    weft_line=${weft_line% * * * *}
    [ ! -f "$weft_line" ] || { printf '%s' "${weft_line#"$1/"}" | weft_hex; break; }
  done)
  [ -z "$weft_line" ] || weft_altered="$weft_altered $weft_line"
  rm -f .weft/was
}
weft_state() {
  if [ ! -d "$weft_file" ]; then
    stat -L -c '%s %y' "$weft_file"
  elif [ .weft/wrapper -nt "$weft_mark" ]; then
    find -L "$weft_file" -newer "$weft_mark" -exec stat -L -c '%n %s %y' {} +
  else
    find -L "$weft_file" -exec stat -L -c '%n %s %y' {} +
  fi
}
# Commands that the shell would run as builtins (`echo`), or cannot run, are started in a subshell; weft_how selects it.
weft_apart() { (. ./.weft/environment; exec "$@"); }
weft_find() { # PROGRAM
  weft_how=weft_call
  case $1 in */*) return ;; esac
  case $weft_known in *" $1 "*) return ;; esac
  case $(command -v "$1") in /*) weft_known="$weft_known$1 " ;; *) weft_how=weft_apart ;; esac
}
# Creating `.weft/wrapper` decides that the attempt starts, see `weft_resume`. Its exit code is recorded in one small
# write, so that a reader of a whole line has all of it. To stop a task, `.weft/stop` is created first, and then
# `.weft/exit` is checked; this shell does the reverse, and takes no further job when it was stopped, so that a signal
# never reaches the next task in this group. (A TERM between fork and exec of a process may be lost; then KILL follows.)
weft_job() { # PROGRAM [ARGUMENT...]
  weft_pipes=$weft_piped weft_piped=
  cd "$weft_scratch" || { weft_err "$weft_id" "$weft_scratch does not exist any more"; return; }
  if ! weft_claim .weft/wrapper "$$ $weft_boot"; then
    [ -e .weft/wrapper ] || weft_err "$weft_id" "cannot write to $weft_scratch"
    return
  fi
  printf '%s %s ok %08x\n' "$weft_nonce" "$weft_id" $$
  weft_code=143
  weft_find "$1"
  weft_before_task=yes weft_looked= weft_altered=
  weft_inputs
  weft_before_task=
  weft_count
  weft_before=$weft_newest
  if [ ! -e .weft/stop ]; then
    weft_code=2
    if [ -n "$weft_pipes" ]; then
      weft_call_piped "$@"
    else
      { umask "$weft_umask"; "$weft_how" "$@"; weft_code=$?; umask 077; } </dev/null >>.weft/stdout 2>>.weft/stderr 3>&-
      weft_end_leaves
    fi
    weft_inputs
    [ -z "$weft_altered" ] || weft_code="$weft_code -$weft_altered"
  fi
  echo "$weft_code" >.weft/exit && [ ! -e .weft/stop ] || weft_only=yes
  [ "$weft_code" = 0 ] && weft_promised
  weft_end "$weft_id" "$weft_code"
  cd /
}
weft_job_shell() { weft_job $weft_shell .weft/command; }

# Shells read byte by byte, and the range may be written meanwhile, so it is stored twice and compared. On a full disk
# the file is empty.
weft_read_range() {
  weft_try=0
  until read -r weft_first weft_last weft_same weft_again <"$weft_jobs/range" &&
    [ "$weft_same $weft_again" = "$weft_first $weft_last" ]; do
    weft_try=$((weft_try + 1))
    [ "$weft_try" -lt 500 ] || return
    [ "$weft_try" -lt 20 ] || sleep 0.01
  done
  [ "$weft_next" -ge "$weft_first" ] || weft_next=$weft_first
}
# The job that this shell was woken for may have been taken by a runner that was woken for a later one: then that later
# job remains, and did not exist yet when this shell searched first.
weft_look_for_job() {
  while weft_read_range && [ "$weft_next" -lt "$weft_last" ]; do
    while [ "$weft_next" -lt "$weft_last" ]; do
      weft_found=$weft_jobs/$weft_next
      weft_next=$((weft_next + 1))
      [ -s "$weft_found" ] && weft_claim "$weft_found.taken" $$ || continue
      . "$weft_found"
      return
    done
  done
}
if [ -n "$weft_only" ]; then
  . "$weft_jobs/$weft_only"
else
  weft_look_for_job
  while [ -z "$weft_only" ] && read -r weft_token; do weft_look_for_job; done
fi
)sh";

}  // namespace weft::remote::resident::detail
