#!/usr/bin/env bash
# Runs the tests of the page: of the binary in the folder given first, in Chromium, on SQLite and on PostgreSQL.
#
# More arguments go to `playwright test`: `--project=sqlite`, `-g "part of a name"`, a file. With UPDATE_SCREENSHOTS=1, the
# pictures in docs/screenshots are written anew. With PAGE, the files of that folder are shown in place of those in the
# binary: nothing is built in between while one works on them. CHROMIUM is the browser's path, where it is not called chromium.
set -euo pipefail
cd "$(dirname "$0")/.."
programs=$(realpath "$1")
shift

export WEB_TESTS_BINARY=$programs/doctor-booking-under-test
export WEB_TESTS_DATABASE=$programs/doctor-booking-test-database
export CHROMIUM=${CHROMIUM:-$(command -v chromium)}
clocks=(/usr/lib/*/faketime/libfaketimeMT.so.1)
export WEB_TESTS_CLOCK=${clocks[0]}
export WEB_TESTS_PAGE=${PAGE:+$(realpath "$PAGE")}
# What is left of a test that failed; not in the sources.
export WEB_TESTS_OUTPUT=${programs%/*}/web-tests
# The same font everywhere, so that pictures are alike.
export FONTCONFIG_FILE=$PWD/web-tests/fonts.conf

export PATH=$PWD/web-tests/node_modules/.bin:$PWD/.venv/bin:$PATH
cd web-tests
playwright test "$@"
