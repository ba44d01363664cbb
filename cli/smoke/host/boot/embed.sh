#!/bin/sh
# Writes the boot scripts as a C table to stdout: numbers, because a string of this length is more than C promises.
# usage: embed.sh FILE...
echo '/* Made by cli/smoke/host/boot/embed.sh from the files beside it. */'
echo '#include "smoke/host/boot.h"'
i=0
for file in "$@"; do
    echo "static const char text_$i[] = {"
    od -An -v -td1 "$file" | sed 's/^ *//; s/  */,/g; s/$/,/'
    echo '};'
    i=$((i + 1))
done
echo 'const boot_file boot_files[] = {'
i=0
for file in "$@"; do
    name=${file##*/}
    case $name in boot.*) runtime=true ;; *) runtime=false ;; esac
    echo "    { \"$name\", $runtime, { text_$i, sizeof text_$i } },"
    i=$((i + 1))
done
echo '};'
echo 'const size_t boot_files_len = COUNT(boot_files);'
