#!/bin/sh
# The runs that the README shows are real: what stands behind `$ sflint ...` lines in it is compared with what the program prints.
# usage: readme.sh SFLINT          `readme.sh SFLINT accept` puts the program's words into the README
cd "$(dirname "$0")/.." || exit 1
sflint=$1
awk -v sflint="$sflint" '
/^\$ sflint / { shown = 1; print; command = sflint substr($0, 9) " --color never 2>&1"; while ((command | getline line) > 0) print line; close(command); next }
/^```/ { shown = 0 }
!shown { print }' README.md > "${TMPDIR:-/tmp}/readme-$$.md"
if [ "${2:-}" = accept ]; then
    cat "${TMPDIR:-/tmp}/readme-$$.md" > README.md
fi
if diff README.md "${TMPDIR:-/tmp}/readme-$$.md"; then echo '1 passed, 0 failed'; status=0; else echo '0 passed, 1 failed'; status=1; fi
rm -f "${TMPDIR:-/tmp}/readme-$$.md"
exit $status
