// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

namespace weft::transfer::detail {

// POSIX sh for both ends of a transfer, in the common subset of bash, dash and busybox. A function body in
// parentheses runs in a subshell, with its own variables, directory and traps. Signals are trapped as `exit`,
// which runs the EXIT trap: dash skips it when a signal kills it. openssl is preferred where it exists:
// Debian 12's sha256sum is four times slower, and only starts faster, which matters for small files.

inline constexpr std::string_view transfer_steps = R"sh(umask 077
LC_ALL=C
export LC_ALL
trap 'exit 1' HUP INT TERM PIPE
weft_whole=
if command -v openssl >/dev/null 2>&1; then
  weft_hash() { openssl dgst -sha256 -r; }
else
  weft_hash() { sha256sum; }
fi
if command -v sha256sum >/dev/null 2>&1; then weft_hash_small() { sha256sum; }; else weft_hash_small() { weft_hash; }; fi
weft_hash_of() { if [ "$1" -lt 2000000 ]; then weft_hash_small; else weft_hash; fi; }
weft_say() {
  if [ -n "$marker" ]; then printf '%s %s\n' "$marker" "$*"; else printf '%s\n' "$*" >&2; fi
}
weft_fail() { weft_say "error $(printf %s "$*" | tr '\n' ' ')"; exit 1; }
# Copies the input of one transfer and no byte of the next. When the position in the input is uncertain, the shell ends.
weft_chunks() {
  while read -r weft_count weft_size; do
    case $weft_count in 0) return 0 ;; -) return 1 ;; esac
    dd "bs=$weft_size" "count=$weft_count" iflag=fullblock 2>/dev/null || kill "$$"
  done
  return 1
}
# Appends the pieces of the input to a file and prints each as it is written. After a write error the rest is still
# read, so that the position of the next transfer is known; dd reports how much it had read.
weft_pieces() { # FILE
  while read -r weft_count weft_size; do
    case $weft_count in 0) return 0 ;; -) echo '! the stream was cut' >&6; return 1 ;; esac
    if weft_said=$(dd "bs=$weft_size" "count=$weft_count" iflag=fullblock 2>&1 >>"$1"); then
      echo "$weft_count $weft_size"
      continue
    fi
    echo "! ${weft_said%%"$weft_newline"*}" >&6
    weft_in=${weft_said%%+*records in*}
    weft_in=${weft_in##*[!0-9]}
    { [ -n "$weft_in" ] && dd "bs=$weft_size" "count=$((weft_count - weft_in))" iflag=fullblock 2>/dev/null; } >/dev/null ||
      kill "$$"
    weft_chunks >/dev/null
    return 1
  done
  return 1
}
# Reads the written pieces back, from the page cache, while the next one arrives.
weft_follow() { while read -r weft_count weft_size; do dd "bs=$weft_size" "count=$weft_count" 2>/dev/null <&7; done; }
# The same for a small file, which has at most one piece: it is read completely even when it cannot be written.
weft_chunk() {
  weft_code=0
  while read -r weft_count weft_size; do
    case $weft_count in 0) return "$weft_code" ;; -) return 1 ;; esac
    dd "bs=$weft_size" "count=$weft_count" iflag=fullblock || weft_code=1
  done
  return 1
}

weft_from() { # BYTES; prints the rest of the input, a file, after them
  [ "$1" = 0 ] || dd bs=131072 "skip=$(($1 / 131072))" count=0 2>/dev/null
  cat
}
# A file goes to stdout unchanged while another process hashes it; if the two read different contents, the receiver's
# digest differs.
weft_send() ( # MARKER DIRECTORY ESCAPED-NAME-OF-THE-ONLY-PATH OFFSET [pax] PATH...
  marker=$1 dir=$2 name=$3 offset=$4 form=$5
  shift 5
  cd "$dir" 2>/dev/null || weft_fail "there is no directory $dir"
  if [ -z "$weft_whole" ] && [ $# = 1 ] && [ -f "$1" ] && ! weft_has_link_in "$1"; then
    before=$(stat -c '%s %a %Y %y' "$1")
    time=${before#* * * }
    facts=${before%" $time"}
    # The fraction that %y prints after the seconds; not every stat prints it.
    time=${time#*.}
    time=${time%% *}
    case $time in '' | *[!0-9]*) time=0 ;; esac
    [ -r "$1" ] || weft_fail "cannot read '${1#./}' in $dir"
    printf 'file %s %s %s %s\n' "$facts" "$time" "$offset" "$name"
    { sum=$(weft_hash_of "${before%% *}" <"$1" & weft_from "$offset" <"$1" >&4; wait); } 4>&1
    # Ignores the mode: a file that a task gets a link to becomes read-only.
    after=$(stat -c '%s %a %Y %y' "$1")
    [ "${before%% *} ${before#* * }" = "${after%% *} ${after#* * }" ] || weft_fail "'${1#./}' in $dir changed while it was read"
    [ -n "$sum" ] || weft_fail "cannot hash '${1#./}' in $dir"
    weft_say "sha256 ${sum%% *}"
  else
    weft_send_archive "$@"
  fi
)
# Checks all paths first, because the archive follows links. The stream is hashed through a fifo, because stdout may be
# a socket, which cannot be opened by name.
weft_send_archive() {
  # Only pax has times with fractions. The options keep process ids and access times out of the archive.
  [ -z "$form" ] || form="--format=posix --pax-option=exthdr.name=%d/PaxHeaders/%f,delete=atime,delete=ctime"
  work=$(mktemp -d) || weft_fail "cannot make a temporary directory in ${TMPDIR:-/tmp}"
  trap 'exit 1' HUP INT TERM PIPE
  trap 'rm -rf "$work"' EXIT
  odd=$(weft_odd "$dir" "$@")
  [ -z "$odd" ] || weft_fail "$odd"
  mkfifo "$work/fifo" || weft_fail "cannot make a fifo in $work"
  broken=
  echo tar
  weft_hash <"$work/fifo" >"$work/sum" &
  { tar $form -chf - "$@" 2>"$work/error"; echo $? >"$work/status"; } | tee "$work/fifo" 2>/dev/null || broken=1
  wait
  case $(cat "$work/status") in
    0) ;;
    # GNU tar exits with 1 when a file changed, also when only its ctime did, which a new hard link sets. Clock ticks
    # are too coarse to tell these apart, so read the files again and compare the digests.
    1) [ "$(tar $form -chf - "$@" 2>/dev/null | weft_hash)" = "$(cat "$work/sum")" ] ||
      weft_fail "tar in $dir: $(cat "$work/error")" ;;
    *) weft_fail "tar in $dir: $(cat "$work/error")" ;;
  esac
  [ -z "$broken" ] || weft_fail "the stream from $dir was cut"
  sum=$(cat "$work/sum")
  weft_say "sha256 ${sum%% *}"
}

# Creates the target before the input is read; on failure the input is discarded.
weft_make_target() {
  { [ -d "$2" ] || mkdir -p "$2"; } && mkdir "$1" && { [ -z "$3" ] || mkdir -p "$3"; } &&
    { [ -z "$4" ] || { umask "$5" && : >"$4"; }; } && return
  weft_chunks >/dev/null
  weft_said=$({ mkdir -p "$1" && { [ -z "$3" ] || mkdir -p "$3"; } && { [ -z "$4" ] || : >"$4"; }; } 2>&1)
  weft_fail "cannot make the directory $1${4:+ or a file in it}${weft_said:+ (${weft_said%%"$weft_newline"*})}"
}
# Messages of the tools are kept in memory, since the disk may be full. A small file is hashed after it has arrived,
# which needs fewer processes; a large one while it arrives. The data is appended: ext4 flushes a file that `>` has
# truncated to the disk when it is closed. A continued file already has its first OFFSET bytes.
weft_receive_file() ( # MARKER DIRECTORY PARENT SIZE MASK MODE-THAT-A-MASK-CANNOT-MAKE MODIFIED OFFSET PATH
  marker=$1 dir=$2 file=$2/$9 offset=$8
  case $9 in */*) below=${file%/*} ;; *) below= ;; esac
  if [ "$offset" = 0 ]; then
    weft_make_target "$dir" "$3" "$below" "$file" "$5"
  elif [ "$offset" != "$(stat -c %s "$file" 2>/dev/null)" ]; then
    weft_chunks >/dev/null
    weft_fail "expected $offset bytes in $file"
  fi
  if [ "$4" -le 4194304 ]; then
    said=$({ weft_chunk >>"$file" || echo !; } 2>&1)
    case $said in *!*) ;; *) said=$(weft_hash_of "$4" <"$file") ;; esac
  else
    said=$({ { echo "$((offset / 131072)) 131072"; weft_pieces "$file"; } | weft_follow 7<"$file" | weft_hash_of "$4"; } 6>&1)
    case $said in '! '*) said=${said%%"$weft_newline"*} ;; esac
  fi
  case $said in *!*)
    rm -rf "$dir"
    weft_fail "cannot write $file: ${said#! }"
  esac
  [ -z "$6" ] || chmod "$6" "$file"
  # busybox accepts whole seconds only.
  touch -d "@$7" "$file" 2>/dev/null || touch -d "@${7%.*}" "$file"
  weft_say "sha256 ${said%% *}"
)
weft_receive_archive() ( # MARKER DIRECTORY PARENT
  marker=$1 dir=$2 work=$2.work
  weft_make_target "$dir" "$3" ""
  refuse() {
    cd /
    chmod -R u+rwx "$dir" 2>/dev/null
    rm -rf "$dir"
    weft_fail "$@"
  }
  trap 'exit 1' HUP INT TERM PIPE
  trap 'rm -rf "$work"' EXIT
  mkdir "$work" && mkfifo "$work/fifo" || { weft_chunks >/dev/null; refuse "cannot make the directory $work"; }
  cd "$dir" || { weft_chunks >/dev/null; refuse "cannot enter $dir"; }
  weft_hash <"$work/fifo" >"$work/sum" &
  result=$(weft_chunks | tee "$work/fifo" | { said=$(tar -xpof - 2>&1); echo "$? $said"; cat >/dev/null; })
  wait
  # GNU tar reports a full disk as a short write.
  case $result in *"Wrote only"*) result="$result: No space left on device" ;; esac
  [ "${result%% *}" = 0 ] || refuse "cannot unpack in $dir: ${result#* }"
  odd=$(find . ! -type f ! -type d | head -n 1)
  [ -z "$odd" ] || refuse "the stream held '$odd', which is neither a file nor a directory"
  find . '(' -perm -4000 -o -perm -2000 ')' -exec chmod ug-s {} +
  sum=$(cat "$work/sum")
  weft_say "sha256 ${sum%% *}"
)
)sh";

}  // namespace weft::transfer::detail
