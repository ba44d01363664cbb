#!/bin/sh
# What the hook `sflint` of .pre-commit-hooks.yaml runs: builds sflint beside its sources when it is not there yet, then runs it on the files
# of the commit. The tool that runs hooks has a folder for each revision, so what was built once is right.
here=$(cd "$(dirname "$0")" && pwd) || exit 2
if [ ! -x "$here/sflint" ]; then
    log=$here/build.log
    MAKEFLAGS='' make -C "$here" B=build sflint > "$log" 2>&1 || {
        tail -n 5 "$log" >&2
        echo "sflint: could not be built; the whole output is in $log" >&2
        exit 2
    }
fi
exec "$here/sflint" "$@"
