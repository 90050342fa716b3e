// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

namespace weft::remote::resident::detail {

// POSIX sh for a host, in the common subset of bash, dash and busybox. `weft_tools` lists the tools that it
// needs.

inline constexpr std::string_view functions = R"sh(
exec 3>&2 5>&1 2>/dev/null
weft_umask=$(umask)
umask 077
unset CDPATH
weft_ok() { printf '%s %s ok \n' "$weft_nonce" "$1"; }
weft_data() { weft_id=$1; shift; weft_out=$("$@" | weft_hex); printf '%s %s ok %s\n' "$weft_nonce" "$weft_id" "$weft_out"; }
weft_notice() { printf '%s %s done %s\n' "$weft_nonce" "$1" "$2" >&3; }
weft_setsid=$(command -v setsid)
weft_is_root=
[ -O / ] && weft_is_root=yes
weft_jobs= weft_pids= weft_apart= weft_first=0 weft_next=0 weft_kept=2048
weft_boot=
read -r weft_boot </proc/sys/kernel/random/boot_id
# The command shell, with pipefail where a shell supports it.
if command -v bash >/dev/null; then
  weft_shell='bash -euo pipefail'
elif sh -c 'set -o pipefail'; then
  weft_shell='sh -euo pipefail'
else
  weft_shell='sh -eu'
fi

# weft_try COMMAND...: repeats a failed command to get its message
weft_newline='
'
weft_try() {
  weft_said=$(LC_ALL=C "$@" 2>&1 >/dev/null) && return
  weft_why="$weft_why (${weft_said%%"$weft_newline"*})"
  return 1
}
# The run's directory must belong to this user: in a directory like /tmp, another user may have created it.
weft_own() { [ -d "$1" ] || mkdir "$1"; [ -d "$1" ] && [ ! -L "$1" ] && [ -O "$1" ]; }
weft_tools() {
  for weft_tool in setsid grep tar dd stat touch mkfifo mktemp tee find readlink od tr cut mv cp ln tail; do
    command -v "$weft_tool" >/dev/null || echo "missing $weft_tool"
  done
  command -v sha256sum >/dev/null || command -v openssl >/dev/null || echo "missing sha256sum"
  weft_why=$(LC_ALL=C mkdir -p "$1" 2>&1) && [ -w "$1" ] || echo "unwritable $weft_why"
  if ! weft_own "$1/$weft_run" && [ -w "$1" ]; then
    weft_why="$1/$weft_run belongs to another user"
    [ -e "$1/$weft_run" ] || [ -L "$1/$weft_run" ] || weft_why=$(LC_ALL=C mkdir "$1/$weft_run" 2>&1)
    echo "unwritable $weft_why"
  fi
  case $weft_shell in
    bash*) echo "shell bash" ;;
    *pipefail) echo "shell sh with pipefail" ;;
    *) echo "shell sh" ;;
  esac
  echo "session $$"
  case $(tar --version) in *"GNU tar"*) echo "tar gnu" ;; esac
  [ -e /proc/self/stat ] || echo "missing /proc"
  echo "slots $(nproc || getconf _NPROCESSORS_ONLN || echo 1)"
  while read -r weft_key weft_value weft_rest; do
    [ "$weft_key" = MemTotal: ] && echo "memory $((weft_value * 1024))"
  done </proc/meminfo
}

weft_has_link() { # DIRECTORY PATH
  weft_part=$2
  while :; do
    [ -L "$1/$weft_part" ] && return 0
    case $weft_part in */*) weft_part=${weft_part%/*} ;; *) return 1 ;; esac
  done
}
weft_may_stage() { # DIRECTORY PATH TO PARENT; sets weft_why on failure
  weft_from=$1/$2
  if [ ! -f "$weft_from" ] || weft_has_link "$1" "$2"; then
    weft_why=$(weft_odd "$1" "$2")
    [ -z "$weft_why" ] || return 1
  fi
  weft_why="cannot make the directory $4"
  [ -d "$4" ] || mkdir -p "$4" || weft_try mkdir -p "$4" || return
  weft_why="cannot link '$2' of $1 to $3"
}
# Makes a file with two names read-only. With more names it may belong to a program that relies on its mode. Modes do
# not restrict root.
weft_protect() {
  [ -n "$weft_is_root" ] || [ ! -w "$1" ] || find -L "$1" -type f -links 2 -perm -200 -exec chmod a-w {} +
  return 0
}
# weft_link DIRECTORY PATH TO PARENT: links an input into the task's scratch
weft_link() {
  weft_may_stage "$@" || return
  if [ -d "$weft_from" ]; then
    mkdir -p "$3" && { cp -RLlfp "$weft_from/." "$3/" || cp -RLpf "$weft_from/." "$3/"; } ||
      weft_try cp -RLpf "$weft_from/." "$3/"
  elif [ -e "$3" ]; then
    :
  elif [ -L "$weft_from" ]; then
    ln "$(readlink -f "$weft_from")" "$3" || cp -Lp "$weft_from" "$3" || weft_try cp -Lp "$weft_from" "$3"
  else
    ln "$weft_from" "$3" || cp -p "$weft_from" "$3" || weft_try cp -p "$weft_from" "$3"
  fi && weft_protect "$weft_from"
}
# The same with writable copies; not every `cp` can share blocks.
weft_copy() {
  weft_may_stage "$@" || return
  if [ -d "$weft_from" ]; then
    mkdir -p "$3" && { cp -RLp --reflink=auto "$weft_from/." "$3/" || cp -RLpf "$weft_from/." "$3/"; } ||
      weft_try cp -RLpf "$weft_from/." "$3/"
  elif [ -e "$3" ]; then
    return 0
  else
    cp -Lp --reflink=auto "$weft_from" "$3" || cp -Lpf "$weft_from" "$3" || weft_try cp -Lpf "$weft_from" "$3"
  fi && chmod -R u+w "$3"
}
# Creates scratch directories, for a task that starts now and for expected ones, with one process.
weft_make() { # SCRATCH...
  weft_count=$#
  for weft_dir do
    [ -d "${weft_dir%/*}" ] || mkdir -p "${weft_dir%/*}"
    set -- "$@" "$weft_dir" "$weft_dir/.weft"
  done
  shift "$weft_count"
  mkdir "$@"
}
weft_unmake() { # SCRATCH...; removes unused ones
  weft_count=$#
  for weft_dir do set -- "$@" "$weft_dir/.weft" "$weft_dir"; done
  shift "$weft_count"
  rmdir "$@"
}
# Creating `.weft/environment` claims the attempt.
weft_begin() { # SCRATCH EXPECTED-SCRATCH...
  weft_why="cannot make the directory $1"
  weft_scratch=$1
  [ -d "$1/.weft" ] || weft_make "$@"
  [ -d "$1/.weft" ] || weft_try mkdir -p "$1/.weft" || return
  cd "$1" || return
  [ -e .weft/environment ] && weft_why="$weft_why: an attempt has already started there"
  weft_claim .weft/environment && return
  [ -e .weft/environment ] || { weft_why="cannot make a file in $1"; weft_try touch .weft/probe; }
  return 1
}
# Runners start the jobs, see runner_script.hpp. Runners and this shell share a directory that is removed at the end of
# the run.
weft_open_jobs() {
  [ -n "$weft_jobs" ] && return
  weft_dir=$weft_home/.jobs.$weft_nonce.$$
  weft_why="cannot make $weft_dir"
  weft_own "$weft_home" || return
  weft_own "$weft_dir" || { [ -e "$weft_dir" ] || weft_try mkdir "$weft_dir"; return 1; }
  [ -p "$weft_dir/tokens" ] || mkfifo "$weft_dir/tokens" || return
  weft_jobs=$weft_dir
  weft_publish && printf '%s' "$weft_runner" >"$weft_dir/runner" && exec 4<>"$weft_dir/tokens" && return
  weft_jobs=
  return 1
}
# Publishes the range of jobs: the first that is kept, and one past the last. Written in place, because ext4 flushes a
# file that `>` has truncated to the disk when it is closed.
weft_publish() {
  printf '%9d %9d %9d %9d\n' "$weft_first" "$weft_next" "$weft_first" "$weft_next" 1<>"$weft_jobs/range"
}
# Removes the job directory of this connection's engine, or (no `.NONCE`) those of all engines.
weft_close_jobs() { # [.NONCE]
  [ -z "$weft_jobs" ] || rm -rf "$weft_home/.jobs$1".*
  weft_jobs=
}
# A shell starts background processes with INT and QUIT ignored, and a child shell cannot undo that, so tasks would
# ignore them too. A runner is therefore started in the foreground; it detaches because setsid forks when a session
# leader calls it, and does not wait.
weft_new_runner() { # NEXT [ONLY]; prints its process id and start time
  weft_pid=$("$weft_setsid" sh -c "$weft_fork" "$weft_setsid" "$weft_jobs/runner" "$weft_nonce" "$weft_boot" \
    "$weft_umask" "$weft_shell" "$weft_jobs" "$1" "$2" <"$weft_jobs/tokens" 4>&-)
  weft_stat "$weft_pid" && echo "$weft_pid:$weft_began"
}
weft_fork='exec "$0" sh -c '"'"'echo "$$"; exec sh "$@" >&5 5>&-'"'"' sh "$@"'
weft_stat() { # NUMBER
  weft_line=
  read -r weft_line <"/proc/$1/stat" || return
  weft_line=${weft_line##*\) }
  set -- $weft_line
  weft_state=$1 weft_began=${20}
}
weft_alive() { # NUMBER:BEGAN
  weft_stat "${1%:*}" || return
  case $weft_began:$weft_state in "${1#*:}":[ZX]) return 1 ;; "${1#*:}":*) return ;; esac
  return 1
}
# Ensures that COUNT runners are alive; a runner may have been killed, or stopped with its task. A new one also checks
# the latest jobs, because the runner that was woken for them may have been killed.
weft_runners() { # COUNT
  weft_open_jobs || return
  weft_recent=$((weft_next - 2 * $1 - 8))
  [ "$weft_recent" -gt "$weft_first" ] || weft_recent=$weft_first
  weft_count=0
  weft_there=
  for weft_one in $weft_pids; do
    weft_alive "$weft_one" && weft_there="$weft_there $weft_one" && weft_count=$((weft_count + 1))
  done
  while [ "$weft_count" -lt "$1" ]; do
    weft_one=$(weft_new_runner "$weft_recent") || break
    weft_there="$weft_there $weft_one"
    weft_count=$((weft_count + 1))
  done
  weft_pids=$weft_there
}
# Removes the files of jobs that were started long ago, many with one process.
weft_forget_jobs() {
  weft_old=$((weft_next - weft_kept - 2 * weft_count))
  [ $((weft_old - weft_first)) -lt "$weft_kept" ] && return
  set --
  while [ "$weft_first" -lt "$weft_old" ]; do
    set -- "$@" "$weft_jobs/$weft_first" "$weft_jobs/$weft_first.taken"
    weft_first=$((weft_first + 1))
  done
  weft_publish
  rm -f "$@"
}
# A runner may have been killed between claiming a job and starting it. Its job gets a new number; a job with secrets,
# which only that runner had, is reported as never started.
weft_again() { # ID SCRATCH
  for weft_taken in "$weft_jobs"/*.taken; do
    weft_found=${weft_taken%.taken}
    weft_line= weft_pid=
    read -r weft_line <"$weft_found" && read -r weft_pid <"$weft_taken"
    case $weft_line in "weft_id=$1 "*) ;; *) continue ;; esac
    [ -n "$weft_pid" ] && [ -e "/proc/$weft_pid/cwd" ] && return
    case $weft_found in
      */only*) weft_claim "$2/.weft/wrapper" 0 && weft_ok "$1" && weft_end "$1" never ;;
      *) mv "$weft_found" "$weft_jobs/$weft_next" && weft_next=$((weft_next + 1)) ;;
    esac
    return
  done
}
# An attempt that an earlier shell has started is awaited. A task with secrets gets its own runner, which has them in its
# environment: they are written to no file.
weft_run() { # ID RUNNERS JOB [secret]
  if [ -e .weft/wrapper ]; then
    weft_attach "$1" "$weft_scratch"
    weft_ok "$1"
    return
  fi
  weft_runners "$2" || return
  weft_why="cannot write to $weft_jobs"
  if [ -n "$4" ]; then
    printf '%s' "$3" >"$weft_jobs/only$1" || return
    weft_one=$(weft_secrets; weft_new_runner 0 "only$1")
    weft_apart="$weft_apart $weft_one"
    echo "${weft_one%:*}" >"$weft_jobs/only$1.taken"
    return
  fi
  printf '%s' "$3" >"$weft_jobs/$weft_next" || return
  weft_next=$((weft_next + 1))
  weft_publish || { weft_next=$((weft_next - 1)); return 1; }
  echo >&4
  weft_forget_jobs
  return 0
}
# A killed runner reports nothing, so it is checked from time to time. All of its output precedes this check.
weft_look() { # ID RUNNER
  for weft_one in $weft_pids $weft_apart; do
    [ "${weft_one%:*}" = "$2" ] && weft_alive "$weft_one" && return
  done
  weft_end "$1" lost
}
# After a lost connection the runner's output goes nowhere; it is identified here by its process id and directory. The
# shell that was preparing the attempt may be dead or slow: after a while this shell claims the attempt itself.
weft_wait() { # SCRATCH; sets weft_code to the exit code, `lost` or `never`
  weft_code=lost
  cd "$1" || return
  weft_pid=0
  weft_try=0
  until [ -s .weft/wrapper ] || [ "$weft_try" = 50 ]; do weft_try=$((weft_try + 1)); sleep 0.1; done
  if [ ! -s .weft/wrapper ] && { mkdir -p .weft; weft_claim .weft/wrapper 0; }; then
    weft_code=never
    return
  fi
  read -r weft_pid weft_was <.weft/wrapper
  while [ ! -s .weft/exit ] && [ "/proc/$weft_pid/cwd" -ef . ]; do sleep 0.2; done
  read -r weft_code <.weft/exit || weft_code=lost
}
weft_attach() { # ID SCRATCH
  {
    weft_wait "$2"
    weft_end "$1" "$weft_code"
  } </dev/null >/dev/null 4>&- &
}
# The same after the engine's process has ended. One of its shells may still have the start request to read: claiming the
# attempt here prevents that start. An attempt without an exit code, or one that was asked to stop, is killed and reported
# as never started.
weft_resume() { # ID SCRATCH TASK
  {
    weft_make "$2"
    if weft_claim "$2/.weft/wrapper" 0; then
      weft_code=lost
    else
      weft_wait "$2"
      [ -e "$2/.weft/stop" ] && weft_code=lost
    fi
    if [ "$weft_code" = lost ]; then
      weft_code=never
      for weft_pid in $(weft_marked); do
        grep -qszxF "WEFT_TASK=$3" "/proc/$weft_pid/environ" && kill -KILL "$weft_pid"
      done
    fi
    weft_end "$1" "$weft_code"
  } </dev/null >/dev/null 4>&- &
}
weft_intact() { # SCRATCH
  cd "$1" && [ -s .weft/exit ] || return
  [ -z "$(find . -path ./.weft -prune -o -newer .weft/exit -print | head -n 1)" ] && echo yes
}
# Hashes what has the same time as the task's end, where the file system or `find` has coarse times.
weft_seal() { # SCRATCH
  cd "$1" && [ -s .weft/exit ] || return
  case $(stat -c %y .weft/exit),$(find --version 2>/dev/null) in
    *.[0-9][0-9]0000000\ *) ;;
    *GNU*) echo fine; return ;;
  esac
  find . -path ./.weft -prune -o ! -newer .weft/exit -exec sh -c '
    sum() { if command -v sha256sum >/dev/null; then sha256sum; else openssl dgst -sha256 -r; fi; }
    for f do
      if [ -L "$f" ]; then printf "l %s %s\n" "$(readlink "$f" | sum)" "$f"
      elif [ .weft/exit -nt "$f" ]; then :
      elif [ -d "$f" ]; then printf "d %s %s\n" "$(ls -A "$f" | sum)" "$f"
      elif [ -f "$f" ]; then printf "f %s %s\n" "$(sum <"$f")" "$f"
      fi
    done' sh {} + 2>/dev/null | LC_ALL=C sort |
    if command -v sha256sum >/dev/null; then sha256sum; else openssl dgst -sha256 -r; fi
}
weft_full() { [ "$(stat -f -c '%a' "$1")" = 0 ] && [ "$(stat -f -c '%b' "$1")" != 0 ] && echo yes; } # DIRECTORY
# The group contains the runner, which ignores TERM and must not get KILL: KILL goes to the task's processes one by one
# while the group is stopped. The runner notices `.weft/stop` unless it has checked already; then the task is in the
# group, or joins it at once.
weft_signal() { # SCRATCH GROUP SIGNAL
  for weft_try in 1 2 3 4 5 6 7 8 9 10; do
    [ -s "$1/.weft/exit" ] && return
    [ "$3" = TERM ] || kill -STOP "-$2"
    weft_there=$(weft_group "$2")
    case $3:$weft_there in
      *:) ;;
      TERM:*) kill -TERM "-$2" ;;
      *) kill -KILL $weft_there ;;
    esac
    [ "$3" = TERM ] || kill -CONT "$2"
    [ -z "$weft_there" ] || return
    sleep 0.05
  done
}
# After a reboot the process id may belong to any process.
weft_stop() { # SCRATCH SIGNAL
  [ -s "$1/.weft/exit" ] && return
  echo "$2" >"$1/.weft/stop"
  read -r weft_pid weft_was <"$1/.weft/wrapper" && [ "$weft_was" = "$weft_boot" ] || return
  weft_signal "$1" "$weft_pid" "$2" </dev/null >/dev/null 3>&- 4>&- &
}
# Includes dangling links. A pattern without matches is passed unexpanded.
weft_match() {
  for weft_path do { [ -e "$weft_path" ] || [ -L "$weft_path" ]; } && printf '%s\0' "${weft_path#./}"; done
}
weft_rename() {
  [ ! -e "$1" ] && [ -e "$2" ] && return
  [ -e "$2" ] && { weft_why="'$2' already exists"; return 1; }
  weft_why="cannot rename $1 to $2"
  { [ -d "$3" ] || mkdir -p "$3"; } && mv "$1" "$2"
}
weft_remove() { rm -rf "$1" || { chmod -R u+rwx "$1"; rm -rf "$1"; }; }
# Keeps the whole blocks of a file whose transfer was cut. Works on a copy, because the interrupted writer may still be
# alive and write to the original.
weft_salvage() { # DIRECTORY PATH PARENT; prints the number of bytes kept
  weft_cut=
  if [ -f "$1/$2" ] && weft_cut=$(mktemp -d "$1.cut.XXXXXX") && mv "$1" "$weft_cut/it"; then
    weft_count=$(($(stat -c %s "$weft_cut/it/$2") / 131072))
    [ "$weft_count" -gt 32 ] && mkdir -p "$3" && cp "$weft_cut/it/$2" "$1/$2" &&
      dd if=/dev/null "of=$1/$2" bs=131072 "seek=$weft_count" && echo "$((weft_count * 131072))" || weft_remove "$1"
  else
    weft_remove "$1"
  fi
  [ -z "$weft_cut" ] || weft_remove "$weft_cut"
}
weft_marked() { grep -lzxF "WEFT_RUN=$weft_run" /proc/[0-9]*/environ | tr -cd '0-9\n'; }
weft_sweep() {
  weft_there=$(weft_marked)
  [ -z "$weft_there" ] && return
  kill -TERM $weft_there
  for weft_try in 1 2 3 4 5; do sleep 0.1; [ -z "$(weft_marked)" ] && return; done
  kill -KILL $(weft_marked)
}
)sh";

}  // namespace weft::remote::resident::detail
