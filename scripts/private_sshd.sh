# SPDX-License-Identifier: MIT
# shellcheck shell=sh disable=SC2034 # sourced: its caller reads `port` and `user`
# A private SSH server on loopback for the demo, the examples' tests and the benchmark (POSIX sh, sourced).
# Everything of it is in a directory of the caller; ~/.ssh and the system's server are not touched.

server=

# start_private_sshd DIRECTORY: makes keys in it, starts the server, and sets `port` and `user`. The client's key
# is DIRECTORY/client_key, what it must know DIRECTORY/known_hosts. The server is ended by stop_private_sshd.
start_private_sshd() {
    ssh_directory=$1
    sshd=$(PATH=$PATH:/usr/sbin:/sbin command -v sshd) || { echo "there is no sshd: install openssh-server" >&2; return 1; }
    user=$(id -un)
    pam=no
    if [ "$(id -u)" = 0 ]; then
        mkdir -p /run/sshd # its directory for privilege separation
        # Without PAM sshd turns down a user whose password is locked, even with a key.
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

# listen_on PORT: starts the server there; succeeds when it listens, fails when the port is taken.
listen_on() {
    port=$1
    cat >"$ssh_directory/sshd_config" <<END
ListenAddress 127.0.0.1
Port $port
HostKey "$ssh_directory/host_key"
AuthorizedKeysFile "$ssh_directory/authorized_keys"
PidFile none
StrictModes no
UsePAM $pam
PasswordAuthentication no
KbdInteractiveAuthentication no
PrintMotd no
END
    rm -f "$ssh_directory/sshd.log"
    "$sshd" -D -f "$ssh_directory/sshd_config" -E "$ssh_directory/sshd.log" </dev/null &
    server=$!
    waits=0
    until grep -q '^Server listening on' "$ssh_directory/sshd.log" 2>/dev/null; do
        waits=$((waits + 1))
        if [ "$waits" -gt 400 ] || ! kill -0 "$server" 2>/dev/null; then
            stop_private_sshd
            return 1
        fi
        sleep 0.05
    done
}

stop_private_sshd() {
    if [ -n "$server" ]; then
        kill "$server" 2>/dev/null || true
        wait "$server" 2>/dev/null || true
        server=
    fi
}
