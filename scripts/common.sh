# SPDX-License-Identifier: MIT
# shellcheck shell=sh disable=SC2034,SC2154 # sourced: its caller uses its words and gives it `root`
# Shared by scripts/demo, scripts/test and scripts/bench (POSIX sh, sourced): what weft needs of a machine, and its build.
# The caller has set `root`, the project's directory.

say() { printf '== %s\n' "$*"; }
fail() { printf '%s\n' "$*" >&2; exit 1; }

# What is needed and not here, as the Debian 12 packages that bring it.
missing=

# look_for TOOL:PACKAGE...
look_for() {
    for tool in "$@"; do
        PATH=$PATH:/usr/sbin:/sbin command -v "${tool%%:*}" >/dev/null || missing="$missing ${tool#*:}"
    done
}

# takes_cxx20 COMPILER [ARGUMENT...]
takes_cxx20() {
    "$@" -std=c++20 -x c++ -fsyntax-only - >/dev/null 2>&1 <<'CODE'
#include <coroutine>
#if defined(__clang__) ? __clang_major__ < 16 : __GNUC__ < 12
#error "too old"
#endif
CODE
}

# named NAME: the programs NAME-<version> in PATH, the newest first.
named() (
    IFS=:
    for directory in $PATH; do
        for file in "$directory/$1"-[0-9] "$directory/$1"-[0-9][0-9]*; do
            [ ! -x "$file" ] || printf '%s\n' "${file##*/}"
        done
    done | sort -u -t- -k2 -nr
)

# look_for_compiler: CMake takes $CXX, else c++. When that is missing or too old, CXX becomes another one that is here.
look_for_compiler() {
    # shellcheck disable=SC2086 # a command and its arguments
    takes_cxx20 ${CXX:-c++} && return
    [ -z "${CXX-}" ] || fail "the compiler CXX=$CXX does not take C++20: GCC 12 or Clang 16 is needed"
    for compiler in g++ clang++ $(named g++) $(named clang++); do
        takes_cxx20 "$compiler" || continue
        export CXX="$compiler"
        say "the compiler is $CXX"
        return
    done
    missing="$missing g++"
}

# look_for_libraries [OPTION...]: asks CMake, which finds them under whatever package's name, or built by hand.
look_for_libraries() {
    probed=$(mktemp -d "${TMPDIR:-/tmp}/weft-probe.XXXXXX") || fail "cannot make a directory in ${TMPDIR:-/tmp} (TMPDIR)"
    if cmake -G Ninja -S "$root/cmake/probe" -B "$probed" "$@" >"$probed/log" 2>&1; then
        missing="$missing $(cat "$probed/missing")"
        rm -rf -- "$probed"
    else
        cat "$probed/log" >&2
        rm -rf -- "$probed"
        fail "CMake cannot look for weft's libraries"
    fi
}

# Of a machine on which CMake cannot look yet.
all_libraries() { sed -n 's/^weft_needs(\([^ ]*\) .*/\1/p' "$root/cmake/weft_dependencies.cmake"; }

# loudly COMMAND...: its output is shown only when it fails.
loudly() {
    said=$(mktemp "${TMPDIR:-/tmp}/weft-said.XXXXXX") || fail "cannot make a file in ${TMPDIR:-/tmp} (TMPDIR)"
    status=0
    "$@" >"$said" 2>&1 </dev/null || status=$?
    [ "$status" = 0 ] || cat "$said" >&2
    rm -f -- "$said"
    return "$status"
}

# install_missing [PACKAGE...]: as root, or with a sudo that asks nothing; else says how, for these packages too.
install_missing() {
    missing=$(printf '%s ' $missing)
    [ -n "$(printf %s "$missing" | tr -d ' ')" ] || return 0
    command -v apt-get >/dev/null ||
        fail "This is no Debian. What is missing, as Debian 12 names it: $missing$*"
    as_root=
    if [ "$(id -u)" != 0 ]; then
        if ! { command -v sudo && sudo -n true; } >/dev/null 2>&1; then
            fail "Packages are missing. Install them, then run this again:

    sudo apt-get install --no-install-recommends $missing$*"
        fi
        as_root='sudo -n'
    fi
    say "installing: $missing"
    loudly $as_root apt-get update -qq || say "the package lists are old: apt-get update failed"
    # shellcheck disable=SC2086 # lists of words
    loudly $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends \
        -o DPkg::Lock::Timeout=120 $missing || fail "apt-get install failed; what was needed: $missing"
    # A package of a server also starts it. Only the private one is wanted here.
    case " $missing" in
        *' openssh-server '*)
            if [ -d /run/systemd/system ] && $as_root systemctl disable --quiet --now ssh.service 2>/dev/null; then
                say "openssh-server was just installed: its system service is left switched off"
            fi
            ;;
    esac
    missing=
}

# need [-t|-s] TOOL:PACKAGE...: a compiler, CMake, these tools, weft's libraries, and with -t those of the tests, with -s
# those of the benchmarks of scheduling.
need() {
    option=
    more=
    case ${1-} in
        -t) option=-DWEFT_PROBE_TESTS=ON more=catch2 ;;
        -s) option=-DWEFT_PROBE_SCHEDULING=ON more='libbenchmark-dev libtbb-dev' ;;
    esac
    [ -z "$option" ] || shift
    look_for_compiler
    look_for cmake:cmake ninja:ninja-build "$@"
    # shellcheck disable=SC2046 # a list of words
    install_missing $(all_libraries) $more
    look_for_libraries $option
    install_missing
}

# configure DIRECTORY OPTION...: a directory keeps the generator that it was made with.
configure() {
    directory=$1
    shift
    [ -f "$directory/CMakeCache.txt" ] || set -- -G Ninja -DCMAKE_BUILD_TYPE=Release "$@"
    mkdir -p "$directory"
    say "configuring $directory"
    cmake -S "$root" -B "$directory" "$@" >"$directory/configure.log" 2>&1 ||
        { cat "$directory/configure.log"; fail "cmake failed"; }
}

# Two compilers at a time at least; more where memory allows about 1 GiB for each.
build_jobs() {
    cores=$(nproc 2>/dev/null || echo 2)
    gigabytes=$(awk '/^MemAvailable:/ { print int($2 / 1048576) }' /proc/meminfo 2>/dev/null || echo 2)
    [ "${gigabytes:-2}" -ge 2 ] || gigabytes=2
    if [ "$cores" -lt "$gigabytes" ]; then echo "$cores"; else echo "$gigabytes"; fi
}
