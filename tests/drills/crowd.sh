#!/bin/sh
# SPDX-License-Identifier: MIT
# crowd.sh PROGRAM RUNS MAXSTARTUPS: so many runs at once, each of a workflow with a task and two transfers on the same host
# over SSH, whose sshd drops connections at random when many have not logged in yet (`MaxStartups`). All must succeed, and
# some connections must have been dropped.
set -eu
program=$(realpath -- "$1")
runs=$2
# shellcheck source=scripts/private_sshd.sh
. "$WEFT_ROOT/scripts/private_sshd.sh"

work=$(mktemp -d)
# shellcheck disable=SC2154 # set in the trap itself
trap 'status=$?; trap - EXIT; stop_private_sshd; rm -rf -- "$work"; exit "$status"' EXIT
trap 'exit 143' INT TERM HUP
cd "$work"
# A key exchange that takes long keeps connections open that have not logged in.
mkdir private && start_private_sshd "$work/private" "MaxStartups $3
LogLevel VERBOSE
KexAlgorithms diffie-hellman-group18-sha512"

# They wait for one another, so that they connect together.
mkfifo gate
exec 8<>gate
began=0
engines=
while [ "$began" -lt "$runs" ]; do
    began=$((began + 1))
    mkdir "$began"
    (
        read -r _ <&8
        cd "$began"
        exec "$program" run --scratch "$PWD/scratch" --results results --state state \
            --host "edge=$user@127.0.0.1:$port" --identity "edge=$work/private/client_key" \
            --known-hosts "$work/private/known_hosts" >messages 2>&1 8>&-
    ) 9>&- &
    engines="$engines $!"
done
start=$(date +%s%N)
yes '' | head -n "$runs" >&8

failed=0
number=0
for engine in $engines; do
    number=$((number + 1))
    status=0
    wait "$engine" || status=$?
    if [ "$status" = 0 ] && [ "$(cat "$number/results/file/n" "$number/results/tree/n")" = "1000000
1000000" ]; then continue; fi
    failed=$((failed + 1))
    echo "crowd: run $number ended with $status: $(tail -n 5 "$number/messages")" >&2
done
seconds=$((($(date +%s%N) - start) / 1000000000))
dropped=$(grep -c '^drop connection' private/sshd.log || true)
again=$(cat ./*/messages | grep -c 'trying again' || true)
echo "$runs runs at once, MaxStartups $3: $dropped connections dropped, $again runs tried again, $failed failed; $seconds s"
[ "$failed" = 0 ] || exit 1
[ "$dropped" != 0 ] || { echo "crowd: no connection was dropped" >&2; exit 1; }
