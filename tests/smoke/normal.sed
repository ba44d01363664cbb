# Takes out what differs between two machines or two runs: durations, ids, ports, which interpreter is here, lines of its own library.
s/(, [0-9]+ ms|, [0-9]+\.[0-9] s)(.*)$/\2/
/^ *note: .* is wanted, .* runs$/d
s/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/UUID/g
s/127\.0\.0\.1:[0-9]+/127.0.0.1:PORT/g
s/ time="[0-9.]+"/ time="T"/g
s/"durationMs":[0-9]+/"durationMs":0/g
s/"notes":\["[^"]* is wanted, [^"]* runs"\]/"notes":[]/g
s/"sandboxLacks":"[^"]*"/"sandboxLacks":null/
/^sandbox: /d
/^ *[~^]+$/d
/\(node:internal|^ *at node:internal|\/lib\/ruby\//d
s/:in [`'][^ ]*'$/:in .../
s/undefined method [`']([a-z_]+)' for .*$/undefined method '\1'/
/File ".*\/lib\/python3/{
N
d
}
s/&#10; *[~^]+//g
