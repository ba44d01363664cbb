#!/bin/sh
# The Debian packages that a program's libraries come from, as a Depends line has them: libc6 at least as new as here, the others by name.
# usage: deb-depends.sh PROGRAM
ldd "$1" | sed -n 's/.*=> \(\/[^ ]*\) .*/\1/p' | while read -r library; do
    # Where /lib is a link to /usr/lib, dpkg may know the file by either name.
    found=$(dpkg-query -S "$library" 2>/dev/null || dpkg-query -S "/usr$library" 2>/dev/null || dpkg-query -S "$(readlink -f "$library")" 2>/dev/null)
    package=${found%%:*}
    [ -n "$package" ] || { echo "no package has $library" >&2; continue; }
    if [ "$package" = libc6 ]; then
        version=$(dpkg-query -W -f '${Version}' libc6)
        echo "libc6 (>= ${version%%-*})"
    else
        echo "$package"
    fi
done | sort -u | awk '{ line = line (NR > 1 ? ", " : "") $0 } END { print line }'
