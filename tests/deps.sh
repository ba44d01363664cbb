#!/bin/sh
# Sees that what is named here is on the machine: pkg-config modules (yaml-0.1, libpcre2-8, cmocka, libmicrohttpd) and programs
# (clang, clang-tidy, cppcheck, mandoc). What is missing is installed with the system's package manager where that is allowed
# (root, or sudo without a password; brew); otherwise the one command to run is printed, and the exit status is 1.
# With --wish first, what can't be had is said in one line and is no failure.
set -u
wish=
if [ "${1:-}" = --wish ]; then
    wish=yes
    shift
fi
# Ends: a wish that can't be met is none.
give_up() {
    echo "sflint: $1" >&2
    [ -n "$wish" ] && echo "sflint: it is built without that: sflint smoke will run no handlers" >&2 && exit 0
    exit 1
}

have() {
    case $1 in
    yaml-0.1 | libpcre2-8 | cmocka | libmicrohttpd | zlib) pkg-config --exists "$1" 2>/dev/null ;;
    clang) command -v clang >/dev/null 2>&1 && echo 'int LLVMFuzzerTestOneInput(const char *d, unsigned long n){return d==0&&n;}' |
        clang -xc -fsanitize=fuzzer,address,undefined -o /dev/null - 2>/dev/null ;;
    *) command -v "$1" >/dev/null 2>&1 ;;
    esac
}

# name -> package, by package manager
package() {
    case $1:$2 in
    apt-get:pkg-config) echo pkg-config ;;         *:pkg-config) echo pkgconf ;;
    apt-get:yaml-0.1) echo libyaml-dev ;;          dnf:yaml-0.1) echo libyaml-devel ;;
    apk:yaml-0.1) echo yaml-dev ;;                 *:yaml-0.1) echo libyaml ;;
    apt-get:libpcre2-8) echo libpcre2-dev ;;       dnf:libpcre2-8) echo pcre2-devel ;;
    apk:libpcre2-8) echo pcre2-dev ;;              *:libpcre2-8) echo pcre2 ;;
    apt-get:libmicrohttpd) echo libmicrohttpd-dev ;; dnf:libmicrohttpd) echo libmicrohttpd-devel ;;
    apk:libmicrohttpd) echo libmicrohttpd-dev ;;   *:libmicrohttpd) echo libmicrohttpd ;;
    apt-get:zlib) echo zlib1g-dev ;;               dnf:zlib) echo zlib-devel ;;
    apk:zlib) echo zlib-dev ;;                     *:zlib) echo zlib ;;
    apt-get:cmocka) echo libcmocka-dev ;;          dnf:cmocka) echo libcmocka-devel ;;
    apk:cmocka) echo cmocka-dev ;;                 *:cmocka) echo cmocka ;;
    apt-get:musl-gcc) echo musl-tools ;;
    apt-get:clang) echo clang libclang-rt-14-dev ;; dnf:clang) echo clang compiler-rt ;;
    apk:clang) echo clang compiler-rt ;;           brew:clang) echo llvm ;;
    apt-get:clang-tidy) echo clang-tidy ;;         dnf:clang-tidy) echo clang-tools-extra ;;
    apk:clang-tidy) echo clang-extra-tools ;;      pacman:clang-tidy) echo clang ;;
    brew:clang-tidy) echo llvm ;;
    *) echo "$2" ;;
    esac
}

missing=
for want in pkg-config "$@"; do
    have "$want" || missing="$missing $want"
done
[ -z "$missing" ] && exit 0

manager=
for m in apt-get dnf apk pacman brew; do
    command -v $m >/dev/null 2>&1 && manager=$m && break
done
if [ -z "$manager" ]; then
    give_up "missing:$missing. No package manager that is known here was found: install them by hand."
fi
packages=
for want in $missing; do packages="$packages $(package "$manager" "$want")"; done
packages=$(printf '%s\n' $packages | sort -u | tr '\n' ' ')
case $manager in
apt-get) command="apt-get install -y --no-install-recommends $packages" before="apt-get update -qq" ;;
dnf) command="dnf install -y $packages" before=: ;;
apk) command="apk add $packages" before=: ;;
pacman) command="pacman -S --noconfirm $packages" before=: ;;
brew) command="brew install $packages" before=: ;;
esac

as=
if [ "$manager" != brew ] && [ "$(id -u)" != 0 ]; then
    if command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
        as=sudo
    else
        give_up "missing:$missing. Run this once, then make again:  sudo $command"
    fi
fi
echo "sflint: installing $packages" >&2
export DEBIAN_FRONTEND=noninteractive
$as $before >&2 || true
$as $command >&2 || {
    give_up "could not install. Run this, then make again:  $command"
}
for want in pkg-config "$@"; do
    have "$want" || give_up "$want is still missing after: $command"
done
