# SPDX-License-Identifier: MIT
# shellcheck shell=sh disable=SC2034,SC2154 # sourced: its caller uses its words and gives it `root`
# Shared by scripts/demo and scripts/test (POSIX sh, sourced): the packages that weft needs, and its build.
# The caller has set `root`, the project's directory.

say() { printf '== %s\n' "$*"; }
fail() { printf '%s\n' "$*" >&2; exit 1; }

# As Debian 12 names them.
build_packages='g++ cmake ninja-build libboost-dev libssh-dev libssl-dev libfmt-dev libcli11-dev libtomlplusplus-dev nlohmann-json3-dev'
server_packages='openssh-server openssh-client'

installed() {
    case $(dpkg-query -W -f '${Status}' "$1" 2>/dev/null) in *' installed') return 0 ;; esac
    return 1
}

# need_packages NAME...: installs those that are missing as root or with a sudo that asks nothing; else says how.
need_packages() {
    if ! command -v dpkg-query >/dev/null 2>&1; then
        say "this is no Debian: taking it that the likes of these are installed: $*"
        return 0
    fi
    missing=
    for package in "$@"; do
        installed "$package" || missing="$missing $package"
    done
    [ -n "$missing" ] || return 0

    as_root=
    if [ "$(id -u)" != 0 ]; then
        if ! { command -v sudo && sudo -n true; } >/dev/null 2>&1; then
            fail "Packages are missing. Install them, then run this again:

    sudo apt-get install --no-install-recommends$missing"
        fi
        as_root='sudo -n'
    fi
    say "installing:$missing"
    # shellcheck disable=SC2086 # lists of words
    {
        $as_root apt-get update -qq &&
            $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
                -o DPkg::Lock::Timeout=120 $missing >/dev/null
    } </dev/null || fail "Installing failed; what was needed:$missing"
    # A package of a server also starts it. Only the private one is wanted here.
    case "$missing " in
        *' openssh-server '*)
            if [ -d /run/systemd/system ] && $as_root systemctl disable --quiet --now ssh.service 2>/dev/null; then
                say "openssh-server was just installed: its system service is left switched off"
            fi
            ;;
    esac
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
