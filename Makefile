# Two commands for a fresh machine: `make run` and `make test`. Both do their own set-up.
#
#   PYTHON=python3.12   the interpreter to make the environment with (else the first supported one found)
#   VENV=.venv          where the environment is
#   UPGRADE=--upgrade   for `make lock`: take newer versions than the locked ones

VENV    ?= .venv
UPGRADE ?=

BIN := $(VENV)/bin
PIP := "$(BIN)/python" -m pip --disable-pip-version-check --quiet install

# What Python says of itself: whether it will do (with pip, in an environment), and its version.
SUPPORTED := import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))
HAS_PIP   := import importlib.util; assert importlib.util.find_spec("pip")
VERSION   := import sys; print("%d.%d.%d" % sys.version_info[:3])

# Byte code is kept, whoever calls: each of the many processes of a suite would make all of it anew.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run test dashboard lint compiled lock clean FORCE

help: ## list the commands
	@sed -n 's/^\([a-z]*\):.*## /  make \1	/p' Makefile

run: $(VENV)/.core ## run the baseline scenario on the real data
	@"$(BIN)/aiblocs" run baseline

dashboard: $(VENV)/.all ## open the page
	@"$(BIN)/aiblocs" dashboard

# In four processes: two drive the page in a browser and mostly wait for it, the others keep two cores busy.
test: $(VENV)/.all ## style, types and the whole test suite
	@$(MAKE) --no-print-directory --jobs=2 lint compiled
	"$(BIN)/python" -m pytest --numprocesses 4

# Beside the types, on the other core: else every process of the suite would begin with compiling the same, the model
# and the tests. A test that cannot be read is told of by the suite.
compiled: $(VENV)/.all
	"$(BIN)/python" tests/dashboard/compile_model.py
	@"$(BIN)/python" -m pytest --collect-only --quiet >/dev/null || true

lint: $(VENV)/.all ## style and types alone
	"$(BIN)/ruff" check .
	"$(BIN)/ruff" format --check .
	"$(BIN)/mypy"

LOCK := compile pyproject.toml --group build --universal --generate-hashes --no-annotate --no-strip-extras --quiet \
	--no-config --custom-compile-command 'make lock' $(UPGRADE)

# The light lock is a part of the full one: the same versions, whichever of the two was installed.
lock: $(VENV)/.all ## resolve pyproject.toml into requirements/*.lock anew (needs the network)
	"$(BIN)/uv" pip $(LOCK) --all-extras --output-file requirements/all.lock
	"$(BIN)/uv" pip $(LOCK) --constraints requirements/all.lock --output-file requirements/core.lock

clean: ## remove the environment and caches; results stay
	rm -rf "$(VENV)" build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis .coverage htmlcov
	find sim tests -name __pycache__ -type d -prune -exec rm -rf {} +

# Installed anew when a lock file changed; what is there already in the locked version is not fetched again.
$(VENV)/.core: $(VENV)/.python requirements/core.lock pyproject.toml sim/_version.py
	@test -e "$@" || echo "Installing the pinned dependencies into $(VENV); this takes a minute or two, once."
	@$(PIP) --require-hashes --requirement requirements/core.lock
	@$(PIP) --no-build-isolation --no-deps --editable .
	@touch "$@"

$(VENV)/.all: $(VENV)/.python requirements/all.lock pyproject.toml sim/_version.py
	@test -e "$@" || echo "Installing all pinned dependencies into $(VENV); this takes some minutes, once."
	@$(PIP) --require-hashes --requirement requirements/all.lock
	@$(PIP) --no-build-isolation --no-deps --editable .
	@touch "$(VENV)/.core" "$@"

# Made once, and again only if it broke or another version is asked for by PYTHON. Looked at each time, but
# its time stamp changes only when it is made: what is installed in it stays good.
$(VENV)/.python: FORCE
	@has() { "$$1" -c '$(SUPPORTED)' 2>/dev/null; }; version() { "$$1" -c '$(VERSION)' 2>/dev/null; }; \
	if has "$(BIN)/python" && "$(BIN)/python" -c '$(HAS_PIP)' 2>/dev/null && \
	    { test -z '$(PYTHON)' || test "$$(version '$(PYTHON)')" = "$$(version "$(BIN)/python")"; }; \
	then test -e "$@" || version "$(BIN)/python" > "$@"; exit; fi; \
	for python in $(if $(PYTHON),'$(PYTHON)',python3 python3.13 python3.12 python3.11); do \
	    if has "$$python"; then "$$python" -m venv --clear "$(VENV)" && version "$$python" > "$@"; exit; fi; \
	done; \
	echo "aiblocs needs Python 3.11, 3.12 or 3.13, and $(or $(PYTHON),python3) is $$(version \
	    '$(or $(PYTHON),python3)' || echo not there). Name one: make $(or $(MAKECMDGOALS),run) PYTHON=/path/to/python3.12" >&2; \
	exit 1
