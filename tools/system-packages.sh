#!/usr/bin/env bash
# Installs what cargo cannot, where it is missing:
#
#   tools/system-packages.sh build       OpenSSL's headers: libpq is built from source, with TLS
#   tools/system-packages.sh postgres    PostgreSQL's programs, for the tests; no server is set up
#   tools/system-packages.sh pgbench     the same with pgbench and pg_test_fsync, for the benchmarks
#   tools/system-packages.sh python      Python with venv, for the tools in tools/requirements.txt
#   tools/system-packages.sh browser     for the tests of the page: Chromium, a font, and libfaketime, which sets a clock
#
# On Debian and its relatives by apt, as root or by sudo. Elsewhere it says what to install.
set -euo pipefail

# Looks where the tests look, for all of these programs.
has_postgres() {
    local folders folder program
    IFS=: read -r -a folders <<<"$(pg_config --bindir 2>/dev/null || true):$PATH"
    for folder in "${folders[@]}" /usr/lib/postgresql/*/bin; do
        for program in "$@"; do
            if [[ ! -x $folder/$program ]]; then continue 2; fi
        done
        return 0
    done
    return 1
}

# Looks where tools/web-tests.sh looks.
has_any() {
    local file
    for file in "$@"; do
        if [[ -e $file ]]; then return 0; fi
    done
    return 1
}

missing=()
packages=()
for need in "$@"; do
    case $need in
        build)
            if [[ -z ${OPENSSL_DIR:-} ]] && ! pkg-config --exists openssl 2>/dev/null; then
                missing+=("pkg-config and the headers of OpenSSL")
                packages+=(pkg-config libssl-dev)
            fi
            ;;
        postgres)
            if ! has_postgres initdb postgres psql; then
                missing+=("PostgreSQL 15 or later")
                packages+=(postgresql)
            fi
            ;;
        pgbench)
            if ! has_postgres initdb pg_ctl postgres psql pgbench pg_test_fsync; then
                missing+=("PostgreSQL 15 or later with pgbench and pg_test_fsync")
                packages+=(postgresql postgresql-contrib)
            fi
            ;;
        python)
            if ! python3 -c 'import ensurepip, venv' 2>/dev/null; then
                missing+=("Python 3.10 or later with venv")
                packages+=(python3-venv)
            fi
            ;;
        browser)
            if [[ -z ${CHROMIUM:-} ]] && ! command -v chromium >/dev/null; then
                missing+=("Chromium, or its path in CHROMIUM")
                # It runs without its sandbox for root only.
                packages+=(chromium chromium-sandbox)
            fi
            if ! has_any /usr/share/fonts/{opentype,truetype}/inter; then
                missing+=("the font Inter")
                packages+=(fonts-inter)
            fi
            if ! has_any /usr/lib/*/faketime/libfaketimeMT.so.1; then
                missing+=("libfaketime")
                packages+=(libfaketime)
            fi
            ;;
        *)
            echo "$0: what is '$need'?" >&2
            exit 2
            ;;
    esac
done
if ((${#missing[@]} == 0)); then exit 0; fi

give_up() {
    printf 'These are missing:\n' >&2
    printf '  - %s\n' "${missing[@]}" >&2
    printf '%s\n' "$1" >&2
    exit 1
}

if ! command -v apt-get >/dev/null; then
    give_up "There is no apt here to install them: please do it by your system's own means, and try again."
fi
as_root=()
if ((EUID != 0)); then
    command -v sudo >/dev/null || give_up "Please run as root: apt-get install ${packages[*]}"
    as_root=(sudo)
fi

# Debian would set up a database server of its own beside the programs, and start it.
no_server=/etc/postgresql-common/createcluster.d/doctor-booking.conf
if [[ " ${packages[*]} " == *" postgresql "* ]]; then
    trap '"${as_root[@]}" rm -f "$no_server"' EXIT
    "${as_root[@]}" mkdir -p "${no_server%/*}"
    echo "create_main_cluster = off" | "${as_root[@]}" tee "$no_server" >/dev/null
fi

echo "Installing ${packages[*]} by apt"
apt_get=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -o Acquire::Retries=3 -o DPkg::Lock::Timeout=120)
"${apt_get[@]}" update
"${apt_get[@]}" install -y --no-install-recommends "${packages[@]}"
