# The only door to every task. `make help` lists them; continuous integration calls the same names.
# Needs Python >= 3.11, Rust >= 1.89, Node >= 20 and a C compiler; everything else is installed from
# lock files. Caches outside the tree are used when they are there and never needed.

PYTHON ?= python3
PORT ?= 8067
MEDIA_PORT ?= 7882
DATA ?= data/demo

VENV := .venv
BIN := $(VENV)/bin
STATIC := src/veche/web/static
MANIFEST := $(STATIC)/.vite/manifest.json
NATIVE := src/veche/engine/_native.abi3.so

# A compiled cache shared by clones of this project spares the slowest part of a clean build.
CACHE := $(HOME)/.cache/veche
ifneq ($(wildcard $(CACHE)/target),)
export CARGO_TARGET_DIR ?= $(CACHE)/target
endif
TARGET := $(or $(CARGO_TARGET_DIR),target)

ENGINE_SOURCES := Cargo.toml Cargo.lock $(shell find engine -name '*.rs' -o -name 'Cargo.toml' 2>/dev/null)
WEB_SOURCES := $(shell find web -path web/node_modules -prune -o -type f -print 2>/dev/null) \
	src/veche/domain/stage_layouts.json

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

help: ## list the tasks
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 20

run: build ## set up, build and start the living demo: two halls on the air (PORT, MEDIA_PORT, DATA)
	$(BIN)/veche demo --port $(PORT) --media-port $(MEDIA_PORT) --data $(DATA)

build: $(BIN)/veche $(MANIFEST) ## build everything; leaves .venv/bin/veche runnable

test: build test-tools ## every test: engine, control plane on both databases, front end, real browsers
	cargo test --release --workspace --quiet
	npm --prefix web test
	$(BIN)/pytest
	$(BIN)/pytest --database postgresql tests/unit/services tests/unit/web
	$(BIN)/pytest tests/e2e

check: build ## types, lints, import contracts, the stub against the binary; changes nothing
	cargo fmt --all --check
	cargo clippy --release --workspace --all-targets --quiet -- -D warnings
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m mypy.stubtest veche.engine._native --allowlist tests/contract/stub_allowlist.txt
	npm --prefix web run check

bench: build ## CPU per forwarded packet beside the bare limit, memory, joins (LIVEKIT_SERVER=... to compare)
	cargo build --release --quiet --package veche-load
	$(TARGET)/release/veche-bench
	$(BIN)/python -m tests.bench.join
	$(BIN)/python -m tests.bench.public
	$(BIN)/python -m tests.bench.writers
	$(BIN)/python -m tests.bench.cabinet
	$(BIN)/python -m tests.bench.compare

format: $(VENV)/.installed ## rewrite the sources in the project's form
	cargo fmt --all
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lock: $(VENV)/.installed ## renew requirements.lock from pyproject.toml
	$(BIN)/pip install --quiet uv==0.13.9
	$(BIN)/uv pip compile --quiet pyproject.toml --all-extras --universal --python-version 3.11 \
		--generate-hashes --no-header --no-annotate --output-file requirements.lock

clean: ## forget what was built (caches outside the tree stay)
	rm -rf $(VENV) web/node_modules $(STATIC) $(NATIVE) target

# ── what the tasks stand on ──

$(VENV)/.installed: requirements.lock
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.lock
	touch $@

$(BIN)/veche: $(VENV)/.installed pyproject.toml $(ENGINE_SOURCES)
	VIRTUAL_ENV=$(VENV) $(BIN)/maturin develop --release --quiet >$(VENV)/build.log 2>&1 || { cat $(VENV)/build.log; exit 1; }
	touch $@

web/node_modules/.installed: web/package-lock.json
	npm --prefix web ci --ignore-scripts --no-audit --no-fund
	touch $@

$(MANIFEST): web/node_modules/.installed $(WEB_SOURCES)
	npm --prefix web run build
	touch $@

test-tools:
	@deploy/test-tools

.PHONY: help run build test check bench format lock clean test-tools
