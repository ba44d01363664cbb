#!/bin/sh
# What `make bench` runs: how long sflint takes, against floors that nothing can be under.
# usage: bench.sh SFLINT BUILD      BUILD holds bench-floor; RUNS sets how often each is run
sflint=$1 build=$2 here=$(dirname "$0") runs=${RUNS:-7}
shared=${SFLINT_SHARED:-$here/../../../shared}
work=$build/bench
mkdir -p "$work"
for program in time empty; do
    ${CC:-cc} -std=c11 -O2 -D_POSIX_C_SOURCE=200809L -o "$work/$program" "$here/$program.c" || exit 1
done

# median MILLISECONDS of a command; the second word is its memory in MB
median() { "$work/time" "$runs" "$@"; }
ratio() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.2f", (b > 0 ? a / b : 0) }'; }
row() { printf '%-54s %10s ms   %s\n' "$1" "$2" "$3"; }

echo "medians of $runs runs, $(getconf _NPROCESSORS_ONLN 2>/dev/null || echo '?') processors"
echo
if [ -f "$shared/corpus/manifest.tsv" ]; then
    base=$(cd "$shared/corpus" && pwd)
    for kinds in 'cfn sam' sam; do
        list=$work/$(echo "$kinds" | tr ' ' -).txt
        awk -F '\t' -v base="$base" -v kinds=" $kinds " 'NR > 1 && index(kinds, " " $2 " ") { print base "/" $1 }' "$shared/corpus/manifest.tsv" > "$list"
        echo "corpus, $kinds: $("$build/bench-floor" "$list")"
        set -- $(median "$build/bench-floor" "$list"); floor=$1
        row 'yaml_parser_parse alone' "$floor" '1.00'
        set -- $(median "$sflint" check --threads 1 --files-from "$list"); row 'sflint check, one thread' "$1" "$(ratio "$1" "$floor") of the floor, $2 MB"
        set -- $(median "$sflint" check --files-from "$list"); row 'sflint check, all processors' "$1" "$(ratio "$1" "$floor") of the floor, $2 MB"
        set -- $(median "$sflint" graph --threads 1 --files-from "$list"); row 'sflint graph, one thread' "$1" "$(ratio "$1" "$floor") of the floor, $2 MB"
    done
else
    echo "corpus: not measured, $shared/corpus is not here"
fi
echo

sh "$here/generate.sh" 7 | head -n 60 > "$work/small.yaml"
saved=$runs runs=101
set -- $(median "$work/empty"); floor=$1
row 'an empty process' "$floor" '1.00'
set -- $(median "$sflint" --version); row 'sflint --version' "$1" "$(ratio "$1" "$floor")"
set -- $(median "$sflint" check "$work/small.yaml"); row 'sflint check, a template of 60 lines' "$1" "$(ratio "$1" "$floor"), $2 MB"
runs=$saved
echo

for n in 10000 20000; do sh "$here/generate.sh" $n > "$work/$n.yaml"; done
for command in check graph; do
    set -- $(median "$sflint" $command --threads 1 "$work/10000.yaml"); half=$1
    row "sflint $command, 10,000 resources, one thread" "$1" "$2 MB"
    set -- $(median "$sflint" $command --threads 1 "$work/20000.yaml"); row "sflint $command, 20,000 resources, one thread" "$1" "$(ratio "$1" "$half") of 10,000, $2 MB"
done
set -- $(median "$sflint" check "$work/20000.yaml"); row 'sflint check, 20,000 resources, all processors' "$1" "$2 MB"
