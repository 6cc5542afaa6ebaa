#!/usr/bin/env bash
# The types of the page's scripts:
#
#   tools/page-types.sh check    that the scripts keep to them, that those of the API are what openapi.json says, and that
#                                the tests of the page keep to theirs
#   tools/page-types.sh write    writes those of the API anew, from openapi.json
set -euo pipefail
cd "$(dirname "$0")/../web-tests"
export PATH=$PWD/node_modules/.bin:$PWD/../.venv/bin:$PATH

api=(openapi-typescript ../openapi.json --output ../crates/api-actix/page/api.d.ts --root-types --root-types-no-schema-prefix)
case ${1:-} in
    write)
        "${api[@]}"
        ;;
    check)
        if ! "${api[@]}" --check; then
            echo "crates/api-actix/page/api.d.ts is not what openapi.json says: 'make openapi' writes it anew" >&2
            exit 1
        fi
        tsc --project tsconfig.page.json
        tsc --project tsconfig.json
        ;;
    *)
        echo "usage: $0 check|write" >&2
        exit 2
        ;;
esac
