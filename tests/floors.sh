#!/bin/sh
# The floors of the house (README, "How it works"): a lower floor includes no header of a higher one, and no two files include
# each other. smoke stands on graph and service, never on lint.
cd "$(dirname "$0")/.." || exit 1
find cli -name '*.[ch]' -o -name '*.def' | sort | xargs awk '
BEGIN {
    n = split("base doc template graph service cel lint report command", order, " ")
    for (i = 1; i <= n; i++) floor[order[i]] = i
    floor["smoke"] = floor["cel"]
}
FNR == 1 { split(FILENAME, part, "/"); here = part[3] == "" ? "main" : part[2]; if (part[2] == "main.c") here = "command" }
/^[ \t]*#[ \t]*include[ \t]*"/ {
    match($0, /"[^"]*"/); inc = substr($0, RSTART + 1, RLENGTH - 2)
    split(inc, to, "/"); there = to[1]
    if (!(there in floor)) next
    if (floor[there] > floor[here] || (here == "lint" && there == "smoke") || (here == "smoke" && there == "lint")) {
        printf "%s:%d: %s may not include %s: %s is a higher floor\n", FILENAME, FNR, here, inc, there
        bad++
    }
    if (FILENAME != "cli/" inc) { pair[FILENAME, "cli/" inc] = FNR; from[++m] = FILENAME; target[m] = "cli/" inc }
}
END {
    for (i = 1; i <= m; i++)
        if ((target[i], from[i]) in pair && from[i] < target[i]) {
            printf "%s:%d: %s and this file include each other\n", from[i], pair[from[i], target[i]], target[i]
            bad++
        }
    printf "floors: %s\n", bad ? bad " broken" : "hold"
    exit bad ? 1 : 0
}'
