# SPDX-License-Identifier: MIT
# shellcheck shell=sh disable=SC2034 # sourced: its caller reads `port` and `user`
# A private SSH server on loopback for the demo, the examples' tests and the benchmark (POSIX sh, sourced).
# All its files are in a directory of the caller; ~/.ssh and the system's server are not touched. The directory is also the
# home of its logins, so that the user's login files do not affect a measurement.

keeper=

# start_private_sshd DIRECTORY [LINES]: creates keys in it, starts the server, whose configuration starts with LINES, and
# sets `port` and `user`. The client's key is DIRECTORY/client_key, the server's is in DIRECTORY/known_hosts.
# stop_private_sshd ends the server; so does the end of the caller, even by SIGKILL, which removes the directory too: the
# caller's descriptor 9 keeps both alive.
start_private_sshd() {
    ssh_directory=$1
    ssh_lines=${2-}
    sshd=$(PATH=$PATH:/usr/sbin:/sbin command -v sshd) || { echo "sshd is missing: install openssh-server" >&2; return 1; }
    user=$(id -un)
    pam=no
    if [ "$(id -u)" = 0 ]; then
        mkdir -p /run/sshd # its privilege separation directory
        # Without PAM, sshd rejects a user whose password is locked, even with a key.
        case $(getent shadow "$user" | cut -d: -f2) in '!'*) pam=yes ;; esac
    fi
    for key in host_key client_key; do
        ssh-keygen -q -t ed25519 -N '' -C weft-demo -f "$ssh_directory/$key" </dev/null || return 1
    done
    cp "$ssh_directory/client_key.pub" "$ssh_directory/authorized_keys"
    chmod 600 "$ssh_directory/authorized_keys"

    attempts=0
    until listen_on $((20000 + $(od -An -N2 -tu2 /dev/urandom) % 40000)); do
        attempts=$((attempts + 1))
        if [ "$attempts" -ge 5 ]; then
            echo "the private SSH server does not start:" >&2
            cat "$ssh_directory/sshd.log" >&2
            return 1
        fi
    done
    printf '[127.0.0.1]:%s %s\n' "$port" "$(cat "$ssh_directory/host_key.pub")" >"$ssh_directory/known_hosts"
}

# listen_on PORT: starts the server on it; succeeds once it listens, fails when the port is in use.
listen_on() {
    port=$1
    cat >"$ssh_directory/sshd_config" <<END
$ssh_lines
ListenAddress 127.0.0.1
Port $port
HostKey "$ssh_directory/host_key"
AuthorizedKeysFile "$ssh_directory/authorized_keys"
PidFile none
StrictModes no
UsePAM $pam
Subsystem sftp internal-sftp
PasswordAuthentication no
KbdInteractiveAuthentication no
PrintMotd no
SetEnv HOME="$ssh_directory"
END
    rm -f "$ssh_directory/sshd.log" "$ssh_directory/lifeline"
    mkfifo -m 600 "$ssh_directory/lifeline"
    keep_server </dev/null >/dev/null 2>&1 &
    keeper=$!
    exec 9>"$ssh_directory/lifeline"
    waits=0
    until grep -q '^Server listening on' "$ssh_directory/sshd.log" 2>/dev/null; do
        waits=$((waits + 1))
        if [ "$waits" -gt 400 ] || grep -q '^fatal' "$ssh_directory/sshd.log" 2>/dev/null; then
            stop_private_sshd
            return 1
        fi
        sleep 0.05
    done
}

# Runs in the background: ends the server once no process holds the other end of the lifeline.
keep_server() {
    trap : INT TERM HUP
    "$sshd" -D -f "$ssh_directory/sshd_config" -E "$ssh_directory/sshd.log" &
    cat "$ssh_directory/lifeline"
    kill $!
    wait $!
    [ -e "$ssh_directory/stopped" ] || rm -rf -- "$ssh_directory"
}

stop_private_sshd() {
    [ -n "$keeper" ] || return 0
    : >"$ssh_directory/stopped"
    exec 9>&-
    wait "$keeper" || true
    keeper=
    rm -f "$ssh_directory/stopped"
}
