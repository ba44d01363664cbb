#!/bin/sh
# Smoke tests: small projects with handlers, run by the program as a user runs it. A folder a case under tests/smoke/cases, with
#   cmd           the arguments, one run a line, in shell words (`smoke .`); run in a copy of the folder
#   want          what the runs print, and their exit status; durations, ids, ports, versions of runtimes and lines of others' code are taken out
#   needs         what has to be there, a word a line: a program on PATH, or `namespaces`; python3, node and ruby are seen from the template
# A case that needs what is not here is told and left out. `hostile` as NAME runs the hostile ones (hostile.sh), `make smoke-hostile`: they load
# the machine, so they are no part of `make test`, which kills worse handlers than these in tests/unit/sandbox.c and executor.c.
# usage: run.sh SFLINT [accept] [NAME...]     accept: rewrites `want` instead of comparing
# Prints a diff for each case that differs, then `N passed, N failed`.
sflint=$(cd "$(dirname "$1")" && pwd)/$(basename "$1") || exit 1
shift
accept=
[ "${1:-}" = accept ] && { accept=yes; shift; }
cd "$(dirname "$0")" || exit 1
scratch=$(mktemp -d "${TMPDIR:-/tmp}/sflint-tests.XXXXXX") || exit 1
trap 'rm -rf "$scratch"' EXIT
trap 'exit 1' INT TERM HUP
unset NO_COLOR
passed=0 failed=0

if ! "$sflint" smoke cases/formats/nothing.yaml >/dev/null 2>&1; then
    echo 'smoke cases: not run, this build of sflint runs no handlers'
    echo '0 passed, 0 failed'
    exit 0
fi
namespaces=
if "$sflint" smoke --sandbox require cases/formats/nothing.yaml >/dev/null 2>&1; then namespaces=yes; fi

cp -R cases "$scratch/cases"
mkdir "$scratch/tmp"

# What a case needs and what is not here: its name; "" = all is here.
lacks() {
    for word in $(cat "$1/needs" 2>/dev/null) $(cat "$1"/*.yaml | sed -nE 's/.*Runtime: *python.*/python3/p; s/.*Runtime: *nodejs.*/node/p; s/.*Runtime: *ruby.*/ruby/p' | sort -u); do
        case $word in
        namespaces) [ -n "$namespaces" ] || { echo namespaces; return; } ;;
        *) command -v "$word" >/dev/null || { echo "$word"; return; } ;;
        esac
    done
}

normal() { sed -E -f normal.sed; }

wanted=$*
for folder in cases/*/; do
    name=$(basename "$folder")
    [ -f "$folder/cmd" ] || continue
    case " ${wanted:-$name} " in *" $name "*) ;; *) continue ;; esac
    missing=$(lacks "$folder")
    if [ -n "$missing" ]; then echo "smoke $name: not run, no $missing here"; continue; fi
    : >"$scratch/got"
    while IFS= read -r line || [ -n "$line" ]; do
        eval "set -- $line"
        { echo "\$ sflint $line"
          (cd "$scratch/cases/$name" && TMPDIR=$scratch/tmp "$sflint" "$@" 2>&1 </dev/null)
          echo "exit $?"
          ls "$scratch/tmp"
        } >>"$scratch/got"
    done <"$folder/cmd"
    normal <"$scratch/got" >"$scratch/got.txt"
    if [ -n "$accept" ]; then
        cp "$scratch/got.txt" "$folder/want"
        passed=$((passed + 1))
    elif diff -u "$folder/want" "$scratch/got.txt" >"$scratch/diff" 2>&1; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "smoke $name:"
        cat "$scratch/diff"
    fi
done
if [ "$wanted" = hostile ]; then
    sh hostile.sh "$sflint" "$scratch" "$namespaces" >"$scratch/hostile.txt"
    grep -v '^passed' "$scratch/hostile.txt"
    passed=$((passed + $(grep -c '^passed' "$scratch/hostile.txt")))
    failed=$((failed + $(grep -c '^failed' "$scratch/hostile.txt")))
fi
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
