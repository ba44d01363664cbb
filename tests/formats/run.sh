#!/bin/sh
# The formats for other programs, read by parsers that are not ours: XML and JSON by python3, SARIF by its public schema.
# usage: run.sh BUILD      prints what did not hold, then `N passed, N failed`; what can't be run here is said in a line
cd "$(dirname "$0")/../.." || exit 1
build=$1
sflint=$build/sflint
case $sflint in /*) ;; *) sflint=$PWD/$sflint ;; esac
scratch=$build/formats
shared=${SFLINT_SHARED:-../shared}
passed=0 failed=0
rm -rf "$scratch"
mkdir -p "$scratch" || exit 1

# adds the `N passed, N failed` at the end of $scratch/out
add() {
    line=$(grep -E '^[0-9]+ passed, [0-9]+ failed' "$scratch/out" | tail -n 1)
    [ -n "$line" ] || line='0 passed, 1 failed'
    p=${line%% passed*} f=${line#* passed, } f=${f%% failed*}
    [ "$f" = 0 ] || head -n 40 "$scratch/out"
    passed=$((passed + p)) failed=$((failed + f))
}

set -- fixtures/orders.yaml fixtures/good.yaml fixtures/no-such-file.yaml tests/formats/hostile.yaml
for folder in tests/golden/cases/sarif-* tests/golden/cases/junit-* tests/golden/cases/error-tab tests/golden/cases/when-branch; do
    for file in "$folder"/*.yaml; do [ -f "$file" ] && set -- "$@" "$file"; done
done
[ -d "$shared/corpus" ] && set -- "$@" "$shared/corpus"

if command -v python3 >/dev/null 2>&1; then
    python3 tests/formats/check.py "$sflint" "$scratch" "$@" > "$scratch/out" 2>&1
    add
else
    echo 'formats by their own parsers: not run, python3 is not here'
fi

# The schema is no part of the project: an npm package ships it, another validates by it.
if command -v npm >/dev/null 2>&1 && command -v node >/dev/null 2>&1; then
    modules=$build/sarif
    if [ ! -d "$modules/node_modules/ajv" ]; then
        mkdir -p "$modules"
        npm install --silent --no-save --no-audit --no-fund --ignore-scripts --prefix "$modules" \
            @microsoft/jest-sarif@1.0.0-beta.0 ajv@6.12.6 > "$scratch/npm" 2>&1
    fi
    if [ -d "$modules/node_modules/ajv" ]; then
        number=0
        for template in "$@"; do
            number=$((number + 1))
            "$sflint" check --format sarif "$template" > "$scratch/schema-$number.sarif" 2>/dev/null
        done
        case $modules in /*) ;; *) modules=$PWD/$modules ;; esac
        node tests/formats/sarif.js "$modules" "$scratch"/schema-*.sarif > "$scratch/out" 2>&1
        add
    else
        echo 'SARIF by its schema: not run, npm could not get the schema (@microsoft/jest-sarif)'
    fi
else
    echo 'SARIF by its schema: not run, node and npm are not here'
fi
# The completion scripts must at least be scripts.
for shell in bash zsh fish; do
    command -v $shell >/dev/null 2>&1 || continue
    "$sflint" help --completion $shell > "$scratch/completion.$shell"
    if $shell -n "$scratch/completion.$shell" 2> "$scratch/out" && [ -s "$scratch/completion.$shell" ]; then passed=$((passed + 1))
    else
        failed=$((failed + 1))
        cat "$scratch/out"
    fi
done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
