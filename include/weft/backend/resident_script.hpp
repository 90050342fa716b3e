// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

namespace weft::backend::resident::detail {

// The POSIX sh that runs on a host: what bash, dash and busybox have, and the tools that `weft_tools` looks
// for.

/// Runs a task apart from the connection: its own session, and a second one for the command, so that a signal
/// for the command's group leaves this wrapper to write down how it ended. Traps are set, not ignored: what
/// is ignored here would be ignored by the task. A stop that came before there was a group to signal left
/// `.weft/stop`: the wrapper sees it, or the command's shell, which a signal in its first moments misses. The
/// wrapper makes `.weft/wrapper` (`set -C`: or ends, when somebody else did), which decides once and for all
/// whether an attempt starts, see `weft_resume`. Its scratch is an argument, by which it can be told from
/// another process with its number. (No `--` before a group's number: dash's kill takes it for a number.)
inline constexpr std::string_view wrapper = R"sh(
mask=$2; shell=$3; cd "$4" || exit 127; shift 4
trap : TERM HUP INT PIPE
set -C
echo "$$" >.weft/wrapper || exit 127
set +C
{
  umask "$mask"
  . ./.weft/environment
  [ -e .weft/stop ] && exit 143
  case $shell in
    bash) exec setsid bash -euo pipefail .weft/command ;;
    sh) exec setsid sh -eu .weft/command ;;
    *) exec setsid "$@" ;;
  esac
} </dev/null >.weft/stdout 2>.weft/stderr &
pid=$!
echo "$pid" >.weft/pid
read -r stop <.weft/stop && { kill "-$stop" "-$pid" || kill "-$stop" "$pid"; }
while wait "$pid"; code=$?; kill -0 "$pid" 2>/dev/null; do :; done
if kill -TERM "-$pid" 2>/dev/null; then
  for tenth in 1 2 3 4 5; do sleep 0.1; kill -0 "-$pid" 2>/dev/null || break; done
  kill -KILL "-$pid" 2>/dev/null
fi
echo "$code" >.weft/exit.part && mv .weft/exit.part .weft/exit
exit "$code"
)sh";

inline constexpr std::string_view functions = R"sh(
exec 3>&2 2>/dev/null
weft_umask=$(umask)
umask 077
unset CDPATH
weft_hex() { od -An -v -tx1 | tr -d ' \n'; }
weft_ok() { printf '%s %s ok \n' "$weft_nonce" "$1"; }
weft_err() { printf '%s %s err %s\n' "$weft_nonce" "$1" "$(printf %s "$2" | weft_hex)"; }
weft_data() { weft_id=$1; shift; weft_out=$("$@" | weft_hex); printf '%s %s ok %s\n' "$weft_nonce" "$weft_id" "$weft_out"; }
weft_notice() { printf '%s %s done %s\n' "$weft_nonce" "$1" "$2" >&3; }
weft_shell=sh
command -v bash >/dev/null && weft_shell=bash

# The run's directory is ours: where everybody may write, another user may have taken its name.
weft_own() { mkdir "$1" || { [ -d "$1" ] && [ ! -L "$1" ] && [ -O "$1" ]; }; }
weft_tools() {
  for weft_tool in setsid grep tar dd stat touch mkfifo mktemp tee find readlink od tr cut mv cp ln tail; do
    command -v "$weft_tool" >/dev/null || echo "missing $weft_tool"
  done
  command -v sha256sum >/dev/null || command -v openssl >/dev/null || echo "missing sha256sum"
  weft_why=$(LC_ALL=C mkdir -p "$1" 2>&1) && [ -w "$1" ] || echo "unwritable $weft_why"
  weft_own "$1/$weft_run" || [ ! -w "$1" ] || echo "unwritable $1/$weft_run is somebody else's"
  echo "shell $weft_shell"
  echo "slots $(nproc || getconf _NPROCESSORS_ONLN || echo 1)"
  while read -r weft_key weft_value weft_rest; do
    [ "$weft_key" = MemTotal: ] && echo "memory $((weft_value * 1024))"
  done </proc/meminfo
}

# A link's target, and all links in a directory, must be in the directory that they are taken from.
weft_contained() {
  weft_root=$(cd "$1" && pwd -P)
  case $(readlink -f "$1/$2" && echo x) in "$weft_root"/*) ;; *) return 1 ;; esac
  [ -d "$1/$2" ] || return 0
  weft_leaves=$(find "$1/$2/" -type l -exec sh -c 'root=$1; shift
    for link do case $(readlink -f "$link" && echo x) in "$root"/*) ;; *) echo no; break ;; esac; done
  ' sh "$weft_root" {} +)
  [ -z "$weft_leaves" ]
}
weft_has_link() {
  weft_part=$2
  while :; do
    [ -L "$1/$weft_part" ] && return 0
    case $weft_part in */*) weft_part=${weft_part%/*} ;; *) return 1 ;; esac
  done
}
# weft_link DIRECTORY PATH TO PARENT: in the task's scratch; what went wrong is in weft_why
weft_link() {
  weft_from=$1/$2
  if [ ! -e "$weft_from" ] && [ ! -L "$weft_from" ]; then weft_why="there is no '$2' in $1"; return 1; fi
  if [ -d "$weft_from" ] || weft_has_link "$1" "$2"; then
    weft_contained "$1" "$2" || { weft_why="'$2' in $1 is a symbolic link that leaves it"; return 1; }
  fi
  [ -d "$4" ] || mkdir -p "$4" || { weft_why="cannot make the directory $4"; return 1; }
  if [ -d "$weft_from" ]; then
    mkdir -p "$3" && { cp -RLlf "$weft_from/." "$3/" || cp -RLpf "$weft_from/." "$3/"; }
  elif [ -e "$3" ]; then
    :
  elif [ -L "$weft_from" ]; then
    ln "$(readlink -f "$weft_from")" "$3" || cp -Lp "$weft_from" "$3"
  else
    ln "$weft_from" "$3" || cp -p "$weft_from" "$3"
  fi || { weft_why="cannot link '$2' of $1 to $3"; return 1; }
}
# Who makes the scratch directory prepares the attempt.
weft_claim() { # SCRATCH PARENT
  weft_why="cannot make the directory $1"
  weft_scratch=$1
  mkdir -p "$2" && mkdir "$1"
}
weft_begin() { mkdir "$weft_scratch/.weft" && cd "$weft_scratch"; }
# What waits for the wrapper tells the end: it notices even when somebody kills the wrapper. Without an exit file
# (the task removed its scratch, the disk is full) the wrapper's own exit code is the same.
weft_run() { # ID KIND [PROGRAM ARGUMENT...]
  weft_id=$1; shift
  weft_kind=$1; shift
  [ "$weft_kind" = program ] || weft_kind=$weft_shell
  {
    weft_secrets
    setsid sh -c "$weft_wrapper" sh "$weft_nonce" "$weft_umask" "$weft_kind" "$weft_scratch" "$@" 3>&-
    weft_code=$?
    if [ -e .weft/exit ]; then
      read -r weft_code <.weft/exit
    elif [ -d .weft ] && [ "$weft_code" -gt 128 ]; then
      weft_code=lost
    fi
    printf '%s %s end %s\n' "$weft_nonce" "$weft_id" "$weft_code" >&3
  } </dev/null >/dev/null &
  weft_ok "$weft_id"
}
# After a lost connection nobody waits for the wrapper any more; here it is known by its number and its scratch. A
# shell that was preparing the attempt may be gone, or slow: after a while there is made what its wrapper would make.
weft_wait() { # SCRATCH; how it ended is in weft_code
  weft_code=lost
  weft_pid=0
  cd "$1" || return
  weft_try=0
  until [ -s .weft/wrapper ] || [ "$weft_try" = 50 ]; do weft_try=$((weft_try + 1)); sleep 0.1; done
  if [ ! -s .weft/wrapper ] && { mkdir -p .weft; (set -C; echo 0 >.weft/wrapper); }; then
    weft_code=never
    return
  fi
  read -r weft_pid <.weft/wrapper
  while [ ! -e .weft/exit ] && grep -qszxF "$1" "/proc/$weft_pid/cmdline"; do sleep 0.2; done
  read -r weft_code <.weft/exit || weft_code=lost
}
weft_attach() { # ID SCRATCH
  {
    weft_wait "$2"
    printf '%s %s end %s\n' "$weft_nonce" "$1" "$weft_code" >&3
  } </dev/null >/dev/null &
}
# The same when the process that started it is gone. A shell of that process may still have its start to read here:
# what the start would make first is made now, and then it never starts. What nobody knows the end of, or was told to
# end, is ended and counts for nothing.
weft_resume() { # ID SCRATCH PARENT TASK
  {
    mkdir -p "$3"
    weft_code=lost
    if ! mkdir "$2" && ! mkdir "$2/.weft" && ! (set -C; echo 0 >"$2/.weft/wrapper"); then
      weft_wait "$2"
      [ -e "$2/.weft/stop" ] && weft_code=lost
    fi
    if [ "$weft_code" = lost ]; then
      weft_code=never
      for weft_pid in $(weft_marked); do
        grep -qszxF "WEFT_TASK=$4" "/proc/$weft_pid/environ" && kill -KILL "$weft_pid"
      done
    fi
    printf '%s %s end %s\n' "$weft_nonce" "$1" "$weft_code" >&3
  } </dev/null >/dev/null &
}
weft_intact() { # SCRATCH
  cd "$1" && [ -f .weft/exit ] || return
  [ -z "$(find . -path ./.weft -prune -o -newer .weft/exit -print | head -n 1)" ] && echo yes
}
weft_stop() { # SCRATCH SIGNAL
  [ -e "$1/.weft/exit" ] && return
  echo "$2" >"$1/.weft/stop"
  read -r weft_pid <"$1/.weft/pid" && { kill "-$2" "-$weft_pid" || kill "-$2" "$weft_pid"; }
}
weft_match() {
  for weft_path do [ -e "$weft_path" ] && printf '%s\0' "${weft_path#./}"; done
}
weft_rename() {
  [ ! -e "$1" ] && [ -e "$2" ] && return
  [ -e "$2" ] && { weft_why="'$2' exists already"; return 1; }
  weft_why="cannot rename $1 to $2"
  { [ -d "$3" ] || mkdir -p "$3"; } && mv "$1" "$2"
}
weft_remove() { rm -rf "$1" || { chmod -R u+rwx "$1"; rm -rf "$1"; }; }
weft_marked() { grep -lzxF "WEFT_RUN=$weft_run" /proc/[0-9]*/environ | tr -cd '0-9\n'; }
weft_sweep() {
  weft_pids=$(weft_marked)
  [ -z "$weft_pids" ] && return
  kill -TERM $weft_pids
  for weft_try in 1 2 3 4 5; do sleep 0.1; [ -z "$(weft_marked)" ] && return; done
  kill -KILL $(weft_marked)
}
)sh";

}  // namespace weft::backend::resident::detail
