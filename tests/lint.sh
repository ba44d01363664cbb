#!/bin/sh
# What `make lint` runs: clang-tidy, cppcheck, manual pages. Each prints what it finds; the exit status is 1 if any found something.
# usage: lint.sh BUILD "CPPFLAGS"
cd "$(dirname "$0")/.." || exit 1
# The version is any text here: its quotes do not live through the shells.
build=$1 flags="$(printf %s "$2" | sed "s/-DSFLINT_VERSION=[^ ]*//") -DSFLINT_VERSION=__FILE__" bad=0
sources=$(find cli rules tests -name '*.c' | sort)

# Checks that find faults, not taste; the list says which and is the same for everyone.
checks='-*,bugprone-*,-bugprone-easily-swappable-parameters,-bugprone-reserved-identifier,-bugprone-narrowing-conversions,-bugprone-assignment-in-if-condition,-bugprone-implicit-widening-of-multiplication-result,-bugprone-sizeof-expression,-bugprone-not-null-terminated-result,clang-analyzer-*,-clang-analyzer-security.insecureAPI.DeprecatedOrUnsafeBufferHandling,-clang-analyzer-valist.Uninitialized,-clang-analyzer-optin.performance.Padding,misc-redundant-expression,performance-*,-performance-no-int-to-ptr'
jobs=$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)
tidy() {
    xargs -P "$jobs" -n 4 sh -c '
    flags=$1 checks=$2; shift 2
    clang-tidy --quiet --warnings-as-errors="*" --checks="$checks" "$@" -- -std=c11 $flags -Itests 2>/dev/null' lint "$flags" "$1"
}
# Tests are not analysed path by path, which would take as long as the program itself: they run under the sanitizers (make asan).
{ printf '%s\n' $sources | grep -v '^tests/' | tidy "$checks" && printf '%s\n' $sources | grep '^tests/' | tidy "$checks,-clang-analyzer-*"; } \
    > "$build/clang-tidy.txt" || bad=1
grep -E 'warning:|error:' "$build/clang-tidy.txt" | sort -u
[ "$bad" = 0 ] && echo "clang-tidy: clean ($(printf '%s\n' $sources | wc -l | tr -d ' ') files)"

cppcheck --quiet --std=c11 --error-exitcode=1 --inline-suppr --enable=warning,performance,portability -j "$jobs" \
    --suppress=missingIncludeSystem --suppress=unknownMacro --suppress=internalAstError --suppress=normalCheckLevelMaxBranches -Icli cli rules && echo 'cppcheck: clean' || bad=1

for page in man/*.[1-9]; do
    [ -e "$page" ] || continue
    mandoc -Tlint -Wwarning "$page" || { echo "$page: does not render cleanly"; bad=1; }
done
exit $bad
