#!/bin/sh
# Golden tests: a folder a case under tests/golden/cases, with
#   args          the arguments, one a line (an empty file: none); run in the folder of the case
#   stdin         what standard input is, if there is such a file; else it is empty
#   want.txt      standard error, then standard output
#   want.status   the exit status
#   before.sh     makes what a repository can't hold (an unreadable file, a pipe, bytes), in a copy of the folder; optional
# usage: run.sh SFLINT [accept]     accept: rewrites want.txt and want.status instead of comparing
# Prints a diff for each case that differs, then `N passed, N failed`.
sflint=$(cd "$(dirname "$1")" && pwd)/$(basename "$1") || exit 1
accept=${2:-}
cd "$(dirname "$0")/cases" || exit 1
cases=$(pwd)
scratch=$(mktemp -d "${TMPDIR:-/tmp}/sflint-golden.XXXXXX") || exit 1
trap 'chmod -R u+rwx "$scratch"; rm -rf "$scratch"' EXIT
trap 'exit 1' INT TERM HUP
unset NO_COLOR
passed=0 failed=0

for folder in */; do
    name=${folder%/}
    [ -f "$name/args" ] || continue
    place=$scratch/$name
    mkdir -p "$place"
    cp -R "$name/." "$place"
    if [ -f "$place/before.sh" ]; then (cd "$place" && sh before.sh) || { echo "$name: before.sh failed"; failed=$((failed + 1)); continue; }; fi
    set --
    while IFS= read -r argument || [ -n "$argument" ]; do set -- "$@" "$argument"; done < "$name/args"
    input=/dev/null
    [ -f "$name/stdin" ] && input=$cases/$name/stdin
    (cd "$place" && rm -f args want.txt want.status before.sh && "$sflint" "$@" < "$input" > "$scratch/out" 2> "$scratch/err")
    status=$?
    cat "$scratch/err" "$scratch/out" > "$scratch/got.txt"
    if [ "$accept" = accept ]; then
        cp "$scratch/got.txt" "$name/want.txt"
        echo "$status" > "$name/want.status"
        passed=$((passed + 1))
    elif diff -u "$name/want.txt" "$scratch/got.txt" > "$scratch/diff" && [ "$(cat "$name/want.status")" = "$status" ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "$name: exit $status, wanted $(cat "$name/want.status" 2>/dev/null)"
        cat "$scratch/diff"
    fi
done
# The templates that the README shows: one with weaknesses, one with none.
for pair in orders:1 good:0; do
    fixture=../../../fixtures/${pair%:*}.yaml
    "$sflint" check --fail-on info "$fixture" > "$scratch/out" 2>&1
    status=$?
    if [ "$status" = "${pair#*:}" ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "$fixture: exit $status, wanted ${pair#*:}"
        cat "$scratch/out"
    fi
done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
