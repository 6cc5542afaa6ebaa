#!/usr/bin/env bash
# Lets schemathesis look for faults in the API: of the binary given first, on an empty store in memory, as an
# administrator. It asks faster than any caller may, so nobody has a limit. What is a fault stands in schemathesis.toml.
# More arguments go to `schemathesis run`.
set -euo pipefail
cd "$(dirname "$0")/.."
binary=$1
shift

scratch=$(mktemp -d)
log=$scratch/server.log
admin_token=$(od -An -N32 -tx1 /dev/urandom | tr -d ' \n')
coproc ADMIN_TOKEN=$admin_token RUST_LOG=warn "$binary" serve --database-url sqlite::memory: --listen 127.0.0.1:0 \
    --rate-limit-address 0 --rate-limit-staff 0 --rate-limit-patients 0 2>"$log"
server=$COPROC_PID
stop() {
    kill "$server" 2>/dev/null || true
    wait "$server" 2>/dev/null || true
    rm -rf "$scratch"
}
trap stop EXIT

if ! read -r -t 60 _ _ url <&"${COPROC[0]}"; then
    echo "The server did not say where it listens. Its log:" >&2
    cat "$log" >&2
    exit 1
fi
export HYPOTHESIS_STORAGE_DIRECTORY=$scratch/hypothesis
# Not on the command line, which everybody on the machine can read.
export SCHEMATHESIS_TOKEN=$admin_token
export SCHEMATHESIS_URL=$url
if ! .venv/bin/schemathesis run "$url/openapi.json" --wait-for-schema 10 "$@"; then
    echo "The server's warnings and errors, the last of them:" >&2
    tail -n 40 "$log" >&2
    exit 1
fi
