# Everything that is done to Pointsman from a shell. `make help` lists it.

PORT ?= 8080
ARGS ?=

PYTHON ?= $(shell command -v python3.11 || command -v python3 || echo python3)
VENV := .venv
BIN := $(VENV)/bin

# An environment is ready when it holds these exact requirements: the stamps are named after their contents.
fingerprint = $(shell cat $(1) pyproject.toml | sha256sum | cut -c1-16)
READY := $(VENV)/ready-$(call fingerprint,requirements.txt)
READY_TEST := $(VENV)/ready-test-$(call fingerprint,requirements-test.txt)

# Wheels only: nothing is compiled, and no code of a package runs while it is installed.
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check
INSTALL_LOCKED := $(INSTALL) --require-hashes --only-binary :all:
INSTALL_POINTSMAN := $(INSTALL) --no-deps --no-build-isolation --editable .

# Files stay together on one worker. Browsers come after the rest, which they would slow down; stopwatches run alone.
PYTEST := $(BIN)/pytest --durations=15
SHARED := -n 2 --dist loadfile
APART := browser or timing

.DEFAULT_GOAL := help
.NOTPARALLEL:
.DELETE_ON_ERROR:
.PHONY: help setup setup-test run test check lint types imports suite unit bench torture fmt docs lock browser

help:  ## List what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(READY)  ## Make .venv with what the service needs; .venv/bin/pointsman works afterwards

setup-test: $(READY_TEST)  ## Make .venv with what the tests and the checks need on top

run: $(READY)  ## Start the demo on http://127.0.0.1:8080 (PORT=9000 for another port)
	@exec $(BIN)/pointsman demo --listen 127.0.0.1:$(PORT)

test: setup-test browser check  ## Set up, then check everything: all that .ci/run calls

check: lint types imports suite  ## What `make test` runs once everything is installed

lint: $(READY_TEST)  ## Style: ruff's rules and its format
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(READY_TEST)  ## Types: mypy, strict
	$(BIN)/mypy

imports: $(READY_TEST)  ## Walls between the rooms: import contracts
	$(BIN)/lint-imports

suite: $(READY_TEST)  ## The whole test suite
	$(PYTEST) $(SHARED) -m "not ($(APART))"
	$(PYTEST) $(SHARED) -m browser
	$(PYTEST) -m timing

unit: $(READY_TEST)  ## The tests that start neither a browser nor the real process (ARGS="-k hours")
	$(PYTEST) $(SHARED) -m "not ($(APART) or acceptance)" $(ARGS)

bench: $(READY_TEST)  ## Measure, and print ratios against a bare server (ARGS= passes on)
	$(BIN)/python -m tests.benchmarks $(ARGS)

torture: $(READY_TEST)  ## The suite without browsers, with many more examples, crashes and rounds
	$(PYTEST) $(SHARED) -m "not ($(APART))" --hypothesis-profile=torture $(ARGS)

fmt: $(READY_TEST)  ## Format, and fix what can be fixed safely
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

docs: $(READY_TEST)  ## Write the generated pages again (the suite compares them); read the diff
	$(BIN)/pytest tests/docs --update $(ARGS)

lock: UV := $(shell command -v uv || echo $(BIN)/uv)
lock:  ## Resolve requirements*.in into requirements*.txt, pinned and hashed
	@test -x $(UV) || { echo "make lock needs uv: $(BIN)/pip install uv, or https://docs.astral.sh/uv/" >&2; exit 1; }
	$(foreach name,requirements requirements-test,$(UV) pip compile --quiet --generate-hashes --no-emit-index-url \
		--python-version 3.11 --universal $(name).in -o $(name).txt &&) true

browser:  ## Make sure of Debian's Chromium and a font with Chinese characters
	@if [ -x /usr/bin/chromium ] && fc-list :lang=zh 2>/dev/null | grep -q .; then exit 0; fi; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		apt-get update && apt-get install -y chromium fonts-noto-cjk; \
	else \
		echo "The browser tests need /usr/bin/chromium and a Chinese font. Install them with:" >&2; \
		echo "    sudo apt-get update && sudo apt-get install -y chromium fonts-noto-cjk" >&2; \
		exit 1; \
	fi

# --- How an environment becomes ready ----------------------------------------------------------------------------

$(BIN)/pip:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo "Pointsman needs Python 3.11 or newer; $(PYTHON) is missing or older." >&2; \
		echo "    Debian 12: apt-get install -y python3 python3-venv; else: make PYTHON=/path/to/python3.11 …" >&2; \
		exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { \
		echo "$(PYTHON) has no venv module. Debian 12: apt-get install -y python3-venv" >&2; \
		exit 1; }
	$(PYTHON) -m venv $(VENV)

$(READY): | $(BIN)/pip
	@echo "Installing what Pointsman needs into $(VENV) (once; about a minute) …"
	@$(INSTALL_LOCKED) -r requirements.txt
	@$(INSTALL_POINTSMAN)
	@rm -f $(VENV)/ready-[0-9a-f]* && touch $@

$(READY_TEST): | $(READY)
	@echo "Installing what the tests need into $(VENV) (once; about a minute) …"
	@$(INSTALL_LOCKED) -r requirements-test.txt
	@rm -f $(VENV)/ready-test-* && touch $@
