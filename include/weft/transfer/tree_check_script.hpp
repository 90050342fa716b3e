// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

namespace weft::transfer::detail {

// Checks in POSIX sh what can be staged: regular files, directories, and symbolic links to such that stay in
// their directory, form no cycle and do not multiply the staged files. `os::require_stageable` is the same
// in C++.
//
// One `find`, which follows no links, traverses a directory; then the directories that its links name are
// traversed. Each of these links leads to the links below its target directory: repeatedly removing the links
// that lead to none leaves only cycles and the links that lead to them.
inline constexpr std::string_view tree_check = R"sh(
weft_newline='
'
weft_has_link_in() { # PATH
  weft_part=$1
  while :; do
    [ -L "./$weft_part" ] && return 0
    case $weft_part in */*) weft_part=${weft_part%/*} ;; *) return 1 ;; esac
  done
}
# For each path: a line `! ...` for the first that cannot be staged; for a link to a directory two lines, its path and
# that directory.
weft_judge='root=$1 dir=$2
shift 2
line="
"
refuse() { printf "! %s is %s\n" "$(printf "%s" "\"${p#"$root"/}\" in $dir" | tr "\n\"" " \047")" "$1"; exit; }
for p do
  if [ -L "$p" ]; then
    [ -e "$p" ] || refuse "a dangling symbolic link"
    t=$(readlink -f "$p" && echo x)
    t=${t%"$line"x}
    case $t in "$root" | "$root"/*) ;; *) refuse "a symbolic link that leads out of it" ;; esac
    if [ -d "$p" ]; then
      case $p$t in *"$line"*) refuse "a symbolic link to a directory, with a line end in a name" ;; esac
      printf "%s\n" "$p" "$t"
    fi
  fi
  if [ -f "$p" ] || [ -d "$p" ]; then continue; fi
  if [ -S "$p" ]; then refuse "a socket"; fi
  if [ -p "$p" ]; then refuse "a fifo"; fi
  refuse "a device"
done'
weft_first_odd() { # OUTPUT-OF-JUDGE; prints its first error, if there is one
  case $weft_newline$1 in *"$weft_newline! "*) ;; *) return 1 ;; esac
  weft_text=$weft_newline$1
  weft_text=${weft_text#*"$weft_newline! "}
  printf '%s\n' "${weft_text%%"$weft_newline"*}"
}
# Prints the reason for the first path that cannot be staged; nothing when all can.
weft_odd() ( # DIRECTORY PATH...
  found=$(weft_odd_within "$@")
  [ "$found" = + ] || { [ -z "$found" ] || printf '%s\n' "$found"; exit; }
  dir=$1
  shift
  cd "$dir" || exit
  for path do
    [ -d "$path/." ] || continue
    most=$(($(find "$path/." -type d | grep -c "") + 100000))
    [ "$(find -L "$path/." -type d | head -n "$((most + 1))" | grep -c "")" -le "$most" ] && continue
    printf '%s\n' "'${path#./}' in $dir is a directory to which links add more than 100000 others"
    exit
  done
)
# The same without the limit on added directories; prints `+` when there are links to directories.
weft_odd_within() ( # DIRECTORY PATH...
  dir=$1
  shift
  cd "$dir" 2>/dev/null && root=$(pwd -P) || { printf '%s\n' "there is no directory $dir"; exit; }
  set -f
  todo= seen= names= links=
  for path do
    path=${path#./}
    [ -e "./$path" ] || [ -L "./$path" ] || { printf '%s\n' "there is no '$path' in $dir"; exit; }
    real=$root/$path
    if weft_has_link_in "$path"; then
      found=$(sh -c "$weft_judge" sh "$root" "$dir" "$root/$path")
      weft_first_odd "$found" && exit
      real=$(readlink -f "./$path" && echo x)
      real=${real%"$weft_newline"x}
      # A directory on the path may be a link too.
      case $real in
        "$root" | "$root"/*) ;;
        *) printf '%s\n' "'$path' in $dir is a symbolic link that leads out of it"; exit ;;
      esac
    fi
    if [ -d "$real" ]; then
      todo=$todo$real$weft_newline
    elif [ ! -f "$real" ]; then
      weft_first_odd "$(sh -c "$weft_judge" sh "$root" "$dir" "$root/$path")"
      exit
    fi
  done
  while [ -n "$todo" ]; do
    next=${todo%%"$weft_newline"*}
    todo=${todo#*"$weft_newline"}
    IFS=$weft_newline
    for done in $seen; do
      case $next/ in "$done"/*) continue 2 ;; esac
    done
    unset IFS
    seen=$seen$next$weft_newline
    found=$(find "$next" ! -type f ! -type d -exec sh -c "$weft_judge" sh "$root" "$dir" {} +) ||
      { printf '%s\n' "cannot read all of it in $dir"; exit; }
    weft_first_odd "$found" && exit
    [ -n "$found" ] || continue
    links=$links$found$weft_newline
    IFS=$weft_newline
    set -- $found
    while [ $# -gt 1 ]; do
      todo=$todo$2$weft_newline
      shift 2
    done
  done
  IFS=$weft_newline
  added=$links
  while [ -n "$links" ]; do
    before=$links
    links= names=$weft_newline
    set -- $before
    while [ $# -gt 1 ]; do
      names=$names$1$weft_newline
      shift 2
    done
    set -- $before
    while [ $# -gt 1 ]; do
      case $names in *"$weft_newline$2/"*) links=$links$1$weft_newline$2$weft_newline ;; esac
      shift 2
    done
    [ "$links" = "$before" ] || continue
    links=${links%%"$weft_newline"*}
    printf '%s\n' "'${links#"$root"/}' in $dir is a symbolic link whose directory leads back to it"
    exit
  done
  [ -z "$added" ] || echo +
)
)sh";

}  // namespace weft::transfer::detail
