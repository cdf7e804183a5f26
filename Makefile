# Everything starts here: `make help` lists what there is. Needs Python 3.11 or newer with venv, and nothing else.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

# What Python has compiled is kept, whatever the caller's environment says: otherwise every process compiles anew all
# that it imports, and every test run rewrites all assertions.
export PYTHONDONTWRITEBYTECODE :=

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
MANAGE := $(BIN)/python manage.py
VAR := $(or $(PORTAL_VAR_DIR),var)
BUILD := $(or $(PORTAL_BUILD_DIR),var)

CATALOGUES := $(patsubst %.po,%.mo,$(wildcard locale/*/LC_MESSAGES/django.po))
STATIC_SOURCES := $(shell find static -type f 2>/dev/null)
# Static files of libraries that no page asks for.
UNSERVED := redoc* ht*x-* rest_framework oauth2_provider
VENDOR_SOURCES := mongcai_portal/common/vendoring.py mongcai_portal/common/data/icons.txt

RUNTIME := $(VENV)/.runtime
DEVELOPMENT := $(VENV)/.development
PACKAGES := node_modules/.installed
VENDOR := $(BUILD)/vendor/.copied
STATIC := $(BUILD)/static/.collected

.PHONY: help run install dev test check messages recheck faults load bench-latency bench-pages bench-households walk audit lock clean

help: ## list these targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 18

run: $(RUNTIME) $(STATIC) $(CATALOGUES) ## start the portal: install, build, load data, then supervise web, worker and beat
	@exec $(MANAGE) supervise --prepare

# Settings make a key where there is none; building needs one and keeps none.
install: export SECRET_KEY := for-building-only
install: $(RUNTIME) $(STATIC) $(CATALOGUES) ## install and build without starting anything, for a server (docs/how-to/deploy-on-a-server.md)

dev: export DEBUG ?= 1
dev: $(DEVELOPMENT) $(VENDOR) $(CATALOGUES) ## the same as run, restarted whenever a Python file changes
	@exec $(MANAGE) supervise --prepare --dev

test: $(DEVELOPMENT) $(STATIC) $(CATALOGUES) ## run all tests on SQLite, then on PostgreSQL where there is one
	@$(BIN)/python -m tests $(TESTS)

check: $(DEVELOPMENT) $(VENDOR) $(CATALOGUES) ## style, types, arrows between apps, migrations, messages
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy mongcai_portal/common $(filter-out tests/%,$(wildcard */rules))
	$(BIN)/lint-imports
	$(MANAGE) makemigrations --check --dry-run
	$(MANAGE) check --fail-level WARNING
	$(MANAGE) messages --check

messages: $(DEVELOPMENT) ## collect visible texts into locale/en, keeping its translations, and compile
	$(MANAGE) messages
	$(MANAGE) messages --compile

recheck: $(RUNTIME) ## recompute every attainment, compare with what is stored, list differences
	$(MANAGE) recheck

bench-latency: $(DEVELOPMENT) $(STATIC) $(CATALOGUES) ## time from approval to a fresh overview, 50 times, on a portal of its own
	$(BIN)/python -m tests.bench.latency

bench-pages: $(DEVELOPMENT) $(STATIC) $(CATALOGUES) ## time the pages and the API over 500 communes, on a PostgreSQL portal of its own
	$(BIN)/python -m tests.bench.pages

bench-households: $(DEVELOPMENT) $(STATIC) $(CATALOGUES) ## time searching, writing, classifying and counting a million households, on a PostgreSQL database of its own
	$(BIN)/python -m tests.bench.households

faults: $(DEVELOPMENT) $(STATIC) $(CATALOGUES) ## kill, empty, restart and fill up everything during 200 approvals, then count what is lost
	$(BIN)/python -m tests.campaign $(FAULTS)

load: $(DEVELOPMENT) $(STATIC) $(CATALOGUES) ## twenty officers type and five leaders read, two minutes on each database
	$(BIN)/python -m tests.bench.load $(LOAD)

audit: $(DEVELOPMENT) $(PACKAGES) ## ask whether faults are known of the pinned packages (0 none, 1 some, 2 could not ask all)
	$(BIN)/python -m tests.dependencies

walk: $(DEVELOPMENT) $(STATIC) $(CATALOGUES) ## look at every page as every role, four widths, two languages, two lights: pictures in var/screens/ (WALK="--page entry")
	$(BIN)/python -m tests.walk $(WALK)

lock: $(RUNTIME) ## write package-lock.json anew from package.json
	PATH="$(CURDIR)/$(BIN):$$PATH" npm install --package-lock-only

clean: ## remove what was built; the data in var/ stays
	rm -rf $(VENV) node_modules $(BUILD)/vendor $(BUILD)/static $(BUILD)/fonts $(CATALOGUES)

# --- How each part is made; a stamp file says when it was made last. ---

$(BIN)/python:
	@echo "Making $(VENV) …"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed (set PYTHON=…)." >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV)

$(RUNTIME): requirements.txt | $(BIN)/python
	@echo "Installing Python packages …"
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --requirement requirements.txt
	@touch $@

$(DEVELOPMENT): requirements-dev.txt $(RUNTIME)
	@echo "Installing development tools …"
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --requirement requirements-dev.txt
	@touch $@

$(PACKAGES): package.json package-lock.json .npmrc | $(RUNTIME)
	@echo "Installing front-end packages …"
	@PATH="$(CURDIR)/$(BIN):$$PATH" npm ci --loglevel=error --no-progress
	@touch $@

$(VENDOR): $(PACKAGES) $(VENDOR_SOURCES)
	@$(MANAGE) vendor_assets
	@touch $@

$(STATIC): $(VENDOR) $(STATIC_SOURCES) requirements.txt
	@echo "Collecting static files …"
	@PORTAL_STATIC_MANIFEST=1 $(MANAGE) collectstatic --noinput --verbosity 0 $(UNSERVED:%=--ignore '%')
	@touch $@

%.mo: %.po | $(RUNTIME)
	@$(MANAGE) messages --compile
	@touch $@
