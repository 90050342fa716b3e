# SPDX-License-Identifier: MIT
# shellcheck shell=sh disable=SC2034,SC2154 # sourced: its caller uses its variables and sets `root`
# Shared by scripts/demo, scripts/test and scripts/bench (POSIX sh, sourced): checks and installs weft's requirements, and
# builds weft. The caller has set `root`, the project's directory.

say() { printf '== %s\n' "$*"; }
fail() { printf '%s\n' "$*" >&2; exit 1; }

# The Debian 12 packages of missing requirements.
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

# named NAME: prints the programs NAME-<version> in PATH, the newest first.
named() (
    IFS=:
    for directory in $PATH; do
        for file in "$directory/$1"-[0-9] "$directory/$1"-[0-9][0-9]*; do
            [ ! -x "$file" ] || printf '%s\n' "${file##*/}"
        done
    done | sort -u -t- -k2 -nr
)

# look_for_compiler: CMake uses $CXX, else c++. If that is missing or too old, sets CXX to another installed compiler.
look_for_compiler() {
    # shellcheck disable=SC2086 # a command and its arguments
    takes_cxx20 ${CXX:-c++} && return
    [ -z "${CXX-}" ] || fail "the compiler CXX=$CXX does not support C++20: set CXX to GCC 12 or Clang 16, or newer"
    for compiler in g++ clang++ $(named g++) $(named clang++); do
        takes_cxx20 "$compiler" || continue
        export CXX="$compiler"
        say "the compiler is $CXX"
        return
    done
    missing="$missing g++"
}

# look_for_libraries [OPTION...]: asks CMake, which also finds libraries that were built by hand.
look_for_libraries() {
    probed=$(mktemp -d "${TMPDIR:-/tmp}/weft-probe.XXXXXX") || fail "cannot make a directory in ${TMPDIR:-/tmp} (TMPDIR)"
    if cmake -G Ninja -S "$root/cmake/probe" -B "$probed" "$@" >"$probed/log" 2>&1; then
        missing="$missing $(cat "$probed/missing")"
        rm -rf -- "$probed"
    else
        cat "$probed/log" >&2
        rm -rf -- "$probed"
        fail "CMake cannot check for weft's libraries: see its output above"
    fi
}

# Prints the packages of all libraries, for a machine on which CMake is missing.
all_libraries() { sed -n 's/^weft_needs(\([^ ]*\) .*/\1/p' "$root/cmake/weft_dependencies.cmake"; }

# loudly COMMAND...: shows the output of the command only when it fails.
loudly() {
    said=$(mktemp "${TMPDIR:-/tmp}/weft-said.XXXXXX") || fail "cannot make a file in ${TMPDIR:-/tmp} (TMPDIR)"
    status=0
    "$@" >"$said" 2>&1 </dev/null || status=$?
    [ "$status" = 0 ] || cat "$said" >&2
    rm -f -- "$said"
    return "$status"
}

# install_missing [PACKAGE...]: installs as root or with a sudo without password; else prints the command, with these packages.
install_missing() {
    missing=$(printf '%s ' $missing)
    [ -n "$(printf %s "$missing" | tr -d ' ')" ] || return 0
    command -v apt-get >/dev/null ||
        fail "this is not a Debian system: install the counterparts of these Debian 12 packages: $missing$*"
    as_root=
    if [ "$(id -u)" != 0 ]; then
        if ! { command -v sudo && sudo -n true; } >/dev/null 2>&1; then
            fail "packages are missing: install them, then run this again:

    sudo apt-get install --no-install-recommends $missing$*"
        fi
        as_root='sudo -n'
    fi
    say "installing: $missing"
    loudly $as_root apt-get update -qq || say "apt-get update failed: the package lists may be out of date"
    # shellcheck disable=SC2086 # lists of words
    loudly $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends \
        -o DPkg::Lock::Timeout=120 $missing || fail "apt-get install failed: install these packages: $missing"
    # A server's package also starts the server. Only the private one is needed here.
    case " $missing" in
        *' openssh-server '*)
            if [ -d /run/systemd/system ] && $as_root systemctl disable --quiet --now ssh.service 2>/dev/null; then
                say "openssh-server was installed: its system service is disabled"
            fi
            ;;
    esac
    missing=
}

# need [-t|-s] TOOL:PACKAGE...: checks for a compiler, CMake, these tools and weft's libraries; with -t also for those of the
# tests, with -s for those of the scheduling benchmarks.
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

# configure DIRECTORY OPTION...: an existing directory keeps its generator.
configure() {
    directory=$1
    shift
    [ -f "$directory/CMakeCache.txt" ] || set -- -G Ninja -DCMAKE_BUILD_TYPE=Release "$@"
    mkdir -p "$directory"
    say "configuring $directory"
    cmake -S "$root" -B "$directory" "$@" >"$directory/configure.log" 2>&1 ||
        { cat "$directory/configure.log"; fail "cmake failed"; }
}

# At least two compilers at a time; more where memory allows about 1 GiB for each.
build_jobs() {
    cores=$(nproc 2>/dev/null || echo 2)
    gigabytes=$(awk '/^MemAvailable:/ { print int($2 / 1048576) }' /proc/meminfo 2>/dev/null || echo 2)
    [ "${gigabytes:-2}" -ge 2 ] || gigabytes=2
    if [ "$cores" -lt "$gigabytes" ]; then echo "$cores"; else echo "$gigabytes"; fi
}
