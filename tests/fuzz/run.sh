#!/bin/sh
# Runs every fuzz target for a while. Seeds: our fixtures and golden cases, and the shared corpus where it is. A crash stays in
# BUILD/fuzz/crashes and makes the exit status 1; it then becomes a test.
# usage: run.sh BUILD SECONDS
cd "$(dirname "$0")/../.." || exit 1
build=$1 seconds=$2 bad=0
shared=${SFLINT_SHARED:-../shared}
mkdir -p "$build/fuzz/crashes"
for source in tests/fuzz/*.c; do
    name=$(basename "$source" .c)
    seeds=$build/fuzz/seeds-$name
    mkdir -p "$seeds"
    case $name in
    json) from="$shared/conformance/json" ;;
    cel) from="" ; [ -e "$shared/conformance/cel.jsonl" ] && sed -n 's/.*"expr": "\(.*\)", "vars".*/\1/p' "$shared/conformance/cel.jsonl" |
        awk -v d="$seeds" '{ f = d "/cel" NR; printf "%s", $0 > f; close(f) }' ;;
    pattern) from="" ; [ -e "$shared/conformance/event-patterns.jsonl" ] && head -n 300 "$shared/conformance/event-patterns.jsonl" |
        awk -v d="$seeds" '{ f = d "/row" NR; print $0 > f; close(f) }' ;;
    asl) from="" ; [ -e "$shared/conformance/asl.jsonl" ] && head -n 300 "$shared/conformance/asl.jsonl" |
        awk -v d="$seeds" '{ f = d "/row" NR; print $0 > f; close(f) }' ;;
    jsonata) from="" ; sed -n 's/^    { "\([^"]*\)".*/\1/p' tests/unit/asl_jsonata.c | awk -v d="$seeds" '{ f = d "/expr" NR; printf "%s", $0 > f; close(f) }' ;;
    endpoint) from="" ; printf '\000POST /\nX-Amz-Target: AmazonSQS.SendMessage\n\n{"QueueUrl":"x","MessageBody":"y"}' > "$seeds/sqs" ;;
    schedule) from="" ; for e in 'rate(5 minutes)' 'cron(0 12 ? * MON-FRI *)' 'cron(0/5 8-17 L * ? 2027)' 'at(2027-01-01T00:00:00)'; do
        printf '%s\n' "$e" > "$seeds/$(printf '%s' "$e" | tr -c 'a-z0-9' _)"; done ;;
    *) from="fixtures tests/golden $shared/cases $shared/corpus/sam-cli $shared/corpus/cloudformation-templates" ;;
    esac
    for d in $from; do
        [ -d "$d" ] && find "$d" -type f \( -name '*.yaml' -o -name '*.yml' -o -name '*.json' -o -name '*.template' \) -size -16k |
            head -n 400 | while read -r f; do cp -f "$f" "$seeds/$(printf '%s' "$f" | tr '/ ' '__')"; done
    done
    echo "== $name, $seconds s"
    "$build/fuzz/$name" -max_total_time="$seconds" -max_len=16384 -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 \
        -artifact_prefix="$build/fuzz/crashes/$name-" "$seeds" > "$build/fuzz/$name.log" 2>&1 || { bad=1; tail -n 30 "$build/fuzz/$name.log"; }
    grep -E 'number_of_executed_units|new_units_added' "$build/fuzz/$name.log"
done
[ $bad = 0 ] && echo 'no crash'
exit $bad
