#!/bin/sh
# SPDX-License-Identifier: MIT
# soak.sh PROGRAM MINUTES: runs of a workflow of thirty tasks, half of them on a host over SSH, under faults that come
# at random for so many minutes: connections killed, the host frozen for a while, tasks killed, the engine killed with
# SIGKILL, the run cancelled. `resume` continues each run until it has finished. The results must equal those of an
# undisturbed run byte by byte, no attempt may run twice, and after `clean` no process, scratch or journal may remain.
set -eu
program=$(realpath -- "$1")
minutes=$2
# shellcheck source=scripts/private_sshd.sh
. "$WEFT_ROOT/scripts/private_sshd.sh"

work=$(mktemp -d)
# shellcheck disable=SC2154 # set in the trap itself
trap 'status=$?; trap - EXIT; thaw; stop_private_sshd; rm -rf -- "$work"; exit "$status"' EXIT
trap 'exit 143' INT TERM HUP
cd "$work"
mkdir private && start_private_sshd "$work/private"
server=$(pgrep -f -- "-f $work/private/sshd_config" | head -n 1)

# engine COMMAND: of the run in ./$round; becomes the process, so that a signal reaches it
engine() {
    exec "$program" "$1" --quiet --jobs 4 --grace 1 --scratch "$work/$round/scratch" --results "$work/$round/results" \
        --state "$work/$round/state" --log "$work/$round/log" --host "edge=$user@127.0.0.1:$port" \
        --identity "edge=$work/private/client_key" --known-hosts "$work/private/known_hosts"
}
random() { od -An -N2 -tu2 /dev/urandom | tr -d ' '; }
fail() {
    echo "soak: $*" >&2
    "$program" status --state "$work/$round/state" >&2 || true
    exit 1
}
# The server's processes of connections, each of which is its child's or its own.
connections() { pgrep -P "$server" || true; }
frozen=
thaw() {
    # shellcheck disable=SC2086 # several numbers
    [ -z "$frozen" ] || kill -CONT $frozen 2>/dev/null || true
    frozen=
}
# The processes of the run's tasks, by their environment.
tasks() { grep -lszxF "WEFT_RUN=$(cat "$round/name")" /proc/[0-9]*/environ | tr -cd '0-9\n' || true; }

# Killed tasks are retried; a run that fails in spite of this is resumed.
disturb() {
    case $(($(random) % 6)) in
        0)
            kinds="$kinds connection"
            for one in $(connections); do kill -KILL "$one" 2>/dev/null || true; done
            ;;
        1)
            kinds="$kinds freeze"
            frozen="$server $(connections)"
            # shellcheck disable=SC2086
            kill -STOP $frozen 2>/dev/null || true
            sleep "$(($(random) % 30))e-1"
            thaw
            ;;
        2)
            kinds="$kinds engine"
            kill -KILL "$pid" 2>/dev/null || true
            ;;
        3)
            kinds="$kinds task"
            one=$(tasks | sort -R | head -n 1)
            [ -z "$one" ] || kill -KILL "$one" 2>/dev/null || true
            ;;
        4)
            kinds="$kinds cancel"
            "$program" cancel --state "$work/$round/state" >/dev/null 2>&1 || true
            ;;
        5)
            kinds="$kinds interrupt"
            kill -INT "$pid" 2>/dev/null || true
            ;;
    esac
}

round=whole
mkdir -p whole/log
(engine run)

end=$(($(date +%s) + minutes * 60))
runs=0
resumes=0
kinds=
while [ "$(date +%s)" -lt "$end" ]; do
    round=run-$runs
    mkdir -p "$round/log"
    command=run
    while :; do
        echo none >"$round/name"
        engine "$command" 2>>"$round/messages" &
        pid=$!
        for _ in 1 2; do
            sleep "$(($(random) % 10))e-1"
            for state in "$round"/state/thirty/*; do [ ! -d "$state" ] || echo "${state##*/}" >"$round/name"; done
            disturb
        done
        status=0
        wait "$pid" || status=$?
        case $status in
            0) break ;;
            1 | 130 | 137) ;;
            *) fail "round $runs ended with $status after$kinds: $(tail -n 5 "$round/messages")" ;;
        esac
        if ls "$round"/state/thirty/*/journal.jsonl >/dev/null 2>&1; then
            command=resume
            resumes=$((resumes + 1))
        fi
        # What time is up for is undisturbed from here on.
        [ "$(date +%s)" -lt "$end" ] || { (engine "$command") 2>>"$round/messages" || fail "round $runs cannot be ended: $(tail -n 5 "$round/messages")"; break; }
    done
    diff -r whole/results "$round/results" || fail "round $runs has other results"
    for attempt in "$round"/log/*; do
        [ "$(cat "$attempt")" = ran ] || fail "round $runs: attempt ${attempt##*/} ran twice"
    done
    [ -z "$(tasks)" ] || fail "round $runs left something running: $(tasks)"
    "$program" clean --all --state "$work/$round/state" >/dev/null || fail "round $runs cannot be cleaned"
    [ -z "$(ls -A "$round/scratch")" ] || fail "round $runs left in its scratch: $(ls -A "$round"/scratch/*)"
    [ -z "$(ls -A "$round/state/thirty")" ] || fail "round $runs left journals"
    rm -rf "$round"
    runs=$((runs + 1))
done
count() { printf '%s\n' "$kinds" | tr ' ' '\n' | grep -c "^$1$" || true; }
echo "$minutes minutes, $runs runs, $resumes times resumed; connections killed $(count connection) times, host frozen" \
    "$(count freeze), engine killed $(count engine), a task killed $(count task), cancelled $(count cancel)," \
    "interrupted $(count interrupt); results as without, no attempt ran twice, nothing was left"
