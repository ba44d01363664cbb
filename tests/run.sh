#!/bin/sh
# Runs the tests and adds them up: the last line is `N passed, N failed`, the exit status 1 when one failed.
# usage: run.sh unit|all BUILD
cd "$(dirname "$0")/.." || exit 1
what=$1 build=$2
passed=0 failed=0
shared=${SFLINT_SHARED:-../shared}

# count NAME PASSED FAILED
count() {
    passed=$((passed + $2)) failed=$((failed + $3))
    printf '%-28s %5d passed, %d failed\n' "$1" "$2" "$3"
}

# The line `N passed, N failed` at the end of a program's output, counted under NAME; no such line is a failure.
closing() {
    name=$1 out=$2
    line=$(grep -E '^[0-9]+ passed, [0-9]+ failed' "$out" | tail -n 1)
    if [ -z "$line" ]; then
        tail -n 20 "$out"
        count "$name" 0 1
        return
    fi
    p=${line%% passed*} f=${line#* passed, } f=${f%% failed*}
    [ "$f" = 0 ] || head -n 60 "$out"
    count "$name" "$p" "$f"
}

out=$build/test-output.txt
for program in tests/unit/*.c; do
    name=$(basename "$program" .c)
    CMOCKA_MESSAGE_OUTPUT=TAP "$build/unit/$name" > "$out" 2>&1
    status=$?
    p=$(grep -c '^ok ' "$out") f=$(grep '^not ok ' "$out" | grep -vc '# SKIP')
    if [ $status != 0 ] && [ "$f" = 0 ]; then f=1; fi
    if [ "$p" = 0 ] && [ "$f" = 0 ]; then f=1; fi
    [ "$f" = 0 ] || grep -v '^ok ' "$out" | head -n 40
    count "unit $name" "$p" "$f"
done

if [ "$what" = all ]; then
    "$build/sflint" rules > "$out" 2>&1
    closing 'rule examples' "$out"
    sh tests/golden/run.sh "$build/sflint" > "$out" 2>&1
    closing golden "$out"
    sh tests/readme.sh "$build/sflint" > "$out" 2>&1
    closing README "$out"
    sh tests/smoke/run.sh "$build/sflint" > "$out" 2>&1
    grep 'not run' "$out"
    closing smoke "$out"
    if [ -f tests/formats/run.sh ]; then
        sh tests/formats/run.sh "$build" > "$out" 2>&1
        grep 'not run' "$out"
        closing formats "$out"
    fi
    for kind in json cel patterns schedules sns asl; do
        case $kind in
        json) data=$shared/conformance/json ;;
        cel) data=$shared/conformance/cel.jsonl ;;
        patterns) data=$shared/conformance/event-patterns.jsonl ;;
        schedules) data=$shared/conformance/schedules.jsonl ;;
        sns) data=$shared/conformance/sns-filters.jsonl ;;
        asl) data=$shared/conformance/asl.jsonl ;;
        esac
        if [ -e "$data" ]; then
            "$build/conformance" $kind "$data" > "$out" 2>&1
            closing "conformance $kind" "$out"
        else
            echo "conformance $kind: not run, $data is not here"
        fi
    done
fi
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
