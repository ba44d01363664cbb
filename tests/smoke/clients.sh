#!/bin/sh
# Real AWS clients against the endpoint: every clients/*.py with boto3 (a new one, and one that speaks the query protocol to SQS), every
# clients/*.mjs with the AWS SDK for JavaScript. The packages come from their registries into WORK, once; a client that can't be had is said and left out.
# The template is the one that the head of the file names; files called like a template are what others share.
# usage: clients.sh SERVE WORK [NAME...]      SERVE is the built tests/smoke/serve.c
here=$(cd "$(dirname "$0")" && pwd) serve=$1 work=$2
[ -n "$work" ] || { echo 'usage: clients.sh SERVE WORK [NAME...]'; exit 2; }
shift 2
mkdir -p "$work" && work=$(cd "$work" && pwd) || exit 2
bad=0 ran=0 url=

# A Python with these packages: its folder.
python_with() {
    folder=$work/$1
    shift
    [ -e "$folder/ready" ] && return 0
    { python3 -m venv "$folder" && "$folder/bin/pip" -q --disable-pip-version-check install "$@"; } >"$work/log.txt" 2>&1 && : >"$folder/ready"
}

# The packages that the .mjs files ask for: sdk('sqs'), '@aws-sdk/client-s3'.
node_packages() {
    { grep -oh "sdk('[a-z0-9-]*')" "$here"/clients/*.mjs | sed "s/sdk('\(.*\)')/@aws-sdk\/client-\1/"
      grep -ohE "require\('@(aws-sdk|smithy)/[a-z0-9-]+'\)" "$here"/clients/*.mjs | sed "s/require('\(.*\)')/\1/"
    } 2>/dev/null | sort -u
}
node_ready() {
    command -v node >/dev/null && command -v npm >/dev/null || return 1
    mkdir -p "$work/node"
    wanted=$(node_packages | tr '\n' ' ')
    [ "$wanted" = "$(cat "$work/node/ready" 2>/dev/null)" ] && return 0
    # shellcheck disable=SC2086
    (cd "$work/node" && echo '{"private":true}' >package.json && npm install --silent --no-audit --no-fund $wanted) >"$work/log.txt" 2>&1 &&
        printf %s "$wanted" >"$work/node/ready"
}

# with_server FILE COMMAND...: runs the command with the endpoint's URL behind it.
with_server() {
    template=$here/clients/$(head -n 3 "$1" | grep -oE '[a-z0-9_]+\.yaml' | head -n 1)
    [ -f "$template" ] || template=$here/clients/endpoint.yaml
    shift
    : >"$work/url.txt"
    "$serve" "$template" >"$work/url.txt" 2>"$work/serve.txt" &
    server=$!
    tries=0
    while [ ! -s "$work/url.txt" ] && [ "$tries" -lt 50 ]; do sleep 0.1; tries=$((tries + 1)); done
    url=$(cat "$work/url.txt")
    if [ -z "$url" ]; then echo "FAIL $template: the endpoint does not start: $(cat "$work/serve.txt")"; bad=1
    else "$@" "$url" || bad=1; ran=$((ran + 1))
    fi
    kill "$server" 2>/dev/null || { echo "FAIL the endpoint ended: $(head -n 3 "$work/serve.txt")"; bad=1; }
    wait "$server" 2>/dev/null
}

wanted_names=$*
is_wanted() {
    [ -e "$here/clients/$1.yaml" ] && return 1
    [ -z "$wanted_names" ] && return 0
    case " $wanted_names " in *" $1 "*) return 0 ;; esac
    return 1
}

for file in "$here"/clients/*.py; do
    name=$(basename "$file" .py)
    is_wanted "$name" || continue
    if python_with boto3 boto3; then with_server "$file" "$work/boto3/bin/python" "$file"
    else echo "SKIP $name.py: boto3 can't be had: $(tail -n 1 "$work/log.txt")"
    fi
done
if is_wanted boto3_calls; then
    if python_with boto3-query 'boto3==1.28.0' 'botocore==1.31.20'; then with_server "$here/clients/boto3_calls.py" "$work/boto3-query/bin/python" "$here/clients/boto3_calls.py"
    else echo "SKIP boto3_calls.py with an old boto3: $(tail -n 1 "$work/log.txt")"
    fi
fi
for file in "$here"/clients/*.mjs; do
    name=$(basename "$file" .mjs)
    is_wanted "$name" || continue
    if node_ready; then SDK_FOLDER=$work/node NODE_PATH=$work/node/node_modules NODE_NO_WARNINGS=1 with_server "$file" node "$file"
    else echo "SKIP $name.mjs: node, npm or the AWS SDK for JavaScript can't be had"
    fi
done
[ "$ran" -gt 0 ] || echo 'SKIP no client ran'
exit "$bad"
