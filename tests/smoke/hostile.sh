#!/bin/sh
# Handlers that do harm (hostile/), one run each: what the report says of it, that the run ends, and that no process and no file is left behind; the same
# when sflint is interrupted or killed while a handler runs. A line a test: `passed NAME`, or `failed NAME` and why.
# usage: hostile.sh SFLINT SCRATCH NAMESPACES      NAMESPACES: empty where there are none
sflint=$1 scratch=$2 namespaces=$3
cd "$(dirname "$0")/hostile" || exit 1
if [ -z "$namespaces" ]; then echo 'smoke hostile: not run, no namespaces here'; exit 0; fi
command -v python3 >/dev/null || { echo 'smoke hostile: not run, no python3 here'; exit 0; }
TMPDIR=$scratch/hostile
export TMPDIR
mkdir -p "$TMPDIR"
# What handlers of these runs have in their environment, and so what their processes are known by.
mark=SFLINT_TEST=$scratch
echo "$mark" >"$scratch/mark.env"

left() {
    tries=0
    while [ "$tries" -lt 100 ]; do
        processes=
        [ -d /proc/self ] && processes=$(grep -alsFx -z "$mark" /proc/[0-9]*/environ)
        files=$(ls -A "$TMPDIR")
        [ -z "$processes$files" ] && return 0
        sleep 0.1
        tries=$((tries + 1))
    done
    echo "left behind: $processes $files"
    return 1
}

# hostile FUNCTION STATUS WORDS: the run's exit status, and what it says.
hostile() {
    "$sflint" smoke --sandbox require --env-file "$scratch/mark.env" --only "$1" template.yaml >"$scratch/out.txt" 2>&1
    status=$?
    if [ "$status" != "$2" ]; then echo "failed hostile $1: exit status $status, not $2"; head -c 2000 "$scratch/out.txt"
    elif ! grep -q -e "$3" "$scratch/out.txt"; then echo "failed hostile $1: it does not say: $3"; head -c 2000 "$scratch/out.txt"
    elif what=$(left); then echo "passed hostile $1"
    else echo "failed hostile $1: $what"
    fi
}

# stopped SIGNAL STATUS: sflint gets it while a handler sleeps.
stopped() {
    "$sflint" smoke --sandbox require --env-file "$scratch/mark.env" --only sleeps template.yaml >"$scratch/out.txt" 2>&1 &
    pid=$!
    tries=0
    while [ "$tries" -lt 300 ] && [ -z "$(grep -alsFx -z "$mark" /proc/[0-9]*/environ)" ]; do sleep 0.1; tries=$((tries + 1)); done
    sleep 0.3
    kill "-$1" "$pid"
    wait "$pid" 2>/dev/null
    status=$?
    if [ "$status" != "$2" ]; then echo "failed stopped by $1: exit status $status, not $2"; cat "$scratch/out.txt"
    elif what=$(left); then echo "passed stopped by $1"
    else echo "failed stopped by $1: $what"
    fi
}

hostile forks 1 'started more than 1024 processes'
hostile memory 1 'out of memory: more than the 128 MB'
hostile memoryofmany 1 'out of memory: more than the 128 MB'
hostile disk 1 'No space left on device\|wrote more than'
hostile deaf 1 'timed out after 2 s'
hostile chatter 1 'wrote more than 64 MiB to its output'
hostile daemon 0 '1 passed'
hostile half 0 '1 passed'
hostile twice 0 'came after the event had been answered'
hostile huge 0 '1 passed'
hostile deep 0 '1 passed'
hostile gone 1 'timed out after 2 s'
hostile leaks 0 '1 passed'
if [ -d /proc/self ]; then
    stopped INT 1
    stopped TERM 1
    stopped KILL 137
fi
