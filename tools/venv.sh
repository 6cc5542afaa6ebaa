#!/usr/bin/env bash
# Makes .venv with the tools of tools/requirements.txt in it.
set -euo pipefail
cd "$(dirname "$0")/.."

python3 -m venv --clear .venv
for pause in 0 5 20 60; do
    sleep "$pause" # a package index may have a bad moment
    if .venv/bin/pip install --quiet --disable-pip-version-check --requirement tools/requirements.txt; then
        exit 0
    fi
done
exit 1
