#!/bin/sh
# SPDX-License-Identifier: MIT
# drill.sh PROGRAM MOMENTS: kills the engine of a workflow of thirty tasks, half of them on a host over SSH, with SIGKILL
# at random moments and resumes it until it has finished; repeats this until it was killed MOMENTS times. The results
# must equal those of an undisturbed run, no attempt may run twice, and no process may remain.
set -eu
program=$(realpath -- "$1")
moments=$2
# shellcheck source=scripts/private_sshd.sh
. "$WEFT_ROOT/scripts/private_sshd.sh"

work=$(mktemp -d)
# shellcheck disable=SC2154 # set in the trap itself
trap 'status=$?; trap - EXIT; stop_private_sshd; rm -rf -- "$work"; exit "$status"' EXIT
trap 'exit 143' INT TERM HUP
cd "$work"
mkdir private && start_private_sshd "$work/private"

# engine COMMAND [SECONDS]: of the run in ./$round, killed after so long (0: never)
engine() {
    timeout -s KILL "${2-0}" "$program" "$1" --quiet --jobs 4 --scratch "$work/$round/scratch" --results "$work/$round/results" --state "$work/$round/state" \
        --log "$work/$round/log" --host "edge=$user@127.0.0.1:$port" --identity "edge=$work/private/client_key" \
        --known-hosts "$work/private/known_hosts"
}
random() { od -An -N2 -tu2 /dev/urandom | tr -d ' '; }
fail() {
    echo "drill: $*" >&2
    "$program" status --state "$work/$round/state" >&2 || true
    exit 1
}

round=whole
mkdir -p whole/log
began=$(date +%s%N)
engine run
# From nothing to a little more than a whole run takes here, in hundredths of a second.
span=$((($(date +%s%N) - began) / 9000000 + 30))
test "$(ls whole/log | wc -l)" = 30

kills=0
runs=0
attempts=0
while [ "$kills" -lt "$moments" ]; do
    round=run-$runs
    mkdir -p "$round/log"
    command=run
    while :; do
        # Before the first connection, in the middle, after the end.
        status=0
        engine "$command" "$(($(random) % span + 1))e-2" 2>>"$round/messages" || status=$?
        case $status in
            0) break ;;
            137) kills=$((kills + 1)) ;;
            *) fail "round $runs ended with $status: $(head -n 5 "$round/messages")" ;;
        esac
        # A process that was being started holds the journal's lock for a moment longer than its engine. Killed before
        # there was a journal, there is nothing to go on with; after its last line the run is over.
        while known=$("$program" runs --state "$round/state"); do
            case $known in *'under way'*) sleep 0.1 ;; *) break ;; esac
        done
        case $known in
            *'cut off'*) command=resume ;;
            *completed*) break ;;
            *) command=run ;;
        esac
        if [ "$kills" -ge "$moments" ]; then
            # A run that ended between its last line and its exit is over; any other goes on to its end.
            engine resume 2>>"$round/messages" || fail "round $runs cannot be ended: $(head -n 5 "$round/messages")"
            break
        fi
    done
    [ "$(grep -l '"event":"begins"' "$round"/state/thirty/*/journal.jsonl | wc -l)" = 1 ] || fail "round $runs was several runs"
    diff -r whole/results "$round/results" || fail "round $runs has other results"
    for attempt in "$round"/log/*; do
        [ "$(cat "$attempt")" = ran ] || fail "round $runs: attempt ${attempt##*/} ran twice"
        attempts=$((attempts + 1))
    done
    for state in "$round"/state/thirty/*; do
        if grep -qszxF "WEFT_RUN=${state##*/}" /proc/[0-9]*/environ; then fail "round $runs left something running"; fi
    done
    rm -rf "$round"
    runs=$((runs + 1))
done
echo "killed $kills times in $runs runs; $attempts attempts, none ran twice; results as without a kill"
