# Every target does its own set-up: Python 3.10 or newer, Node.js 20 or newer and, for the browser tests, apt-get
# or an installed Chromium are all that must be there. What is up to date is not made again.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

# The Python that .venv is made with.
PYTHON ?= python3
# How many processes run the Python tests: they wait for servers and programs a good deal.
PROCESSES ?= 2
# Options for what a target runs: make demo ARGS="--no-browser --port 8899", make pytest ARGS="-k prefix".
ARGS ?=

VENV := $(CURDIR)/.venv
BIN := $(VENV)/bin
export PATH := $(BIN):$(PATH)

export DEBIAN_FRONTEND := noninteractive
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_NO_INPUT := 1
export PIP_PROGRESS_BAR := off
export PIP_RETRIES ?= 10
export PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD := 1
export YARN_ENABLE_PROGRESS_BARS := 0
export YARN_HTTP_RETRY ?= 10
export YARN_HTTP_TIMEOUT ?= 180000

# Each stamp lies inside of what it stands for, so that both go together.
INSTALLED := .venv/.installed
LINKED := .venv/.linked
NODE := node_modules/.yarn-state.yml
CHROMIUM := command -v chromium chromium-browser google-chrome
UI_NODE := ui-tests/node_modules/.yarn-state.yml
LABEXTENSION := conda_store_labext/labextension/package.json
FRONTEND := package.json tsconfig.json $(shell find src style schema -type f -not -path '*/__tests__/*')

# $(call retry,COMMAND): a registry's hiccup is no failure.
retry = for pause in 5 20 0; do $(1) && exit 0; echo "Failed: $(1)" >&2; sleep $$pause; done; exit 1

# $(call apt,PACKAGE): install a Debian package, as root or with sudo.
apt = $(SUDO) apt-get update -qq && $(SUDO) apt-get install -y -qq --no-install-recommends $(1)
SUDO := $(shell [ "$$(id -u)" = 0 ] || echo sudo)
# Whether that asks nobody for a password.
SUDO_WORKS = $(if $(SUDO),sudo -n true 2> /dev/null,true)

# $(call scratch,COMMAND): with a temporary folder of its own, which goes afterwards: in memory where there is
# room and programs may run there, since environments are thousands of small files.
scratch = base=$${TMPDIR:-/tmp}; \
	if df -Pk /dev/shm 2> /dev/null | awk 'NR == 2 && $$4 > 8000000 { room = 1 } END { exit !room }' \
		&& ! grep -q '^[^ ]* /dev/shm [^ ]* [^ ]*noexec' /proc/mounts; then base=/dev/shm; fi; \
	TMPDIR=$$(mktemp -d "$$base/conda-store-labext-XXXXXX"); export TMPDIR; \
	trap 'rm -rf "$$TMPDIR"' EXIT; $(1)

.PHONY: help
help: ## Say what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: develop
develop: $(LINKED) ## Set up .venv with both halves of the extension installed for development

.PHONY: demo
demo: $(LINKED) ## Start a local conda-store with sample environments, and JupyterLab (ARGS="--no-browser --port 8899")
	exec jupyter conda-store demo $(ARGS)

.PHONY: test
test: lint types docs jest side-by-side ## Run every check and every test

# Both wait a good deal, for servers and for pages. The browser tests' output comes when both have ended; a group of
# their own (set -m) lets Ctrl-C reach all of them. Their stores and pytest's share a channel: it is made once.
.PHONY: side-by-side
side-by-side: $(LINKED) $(UI_NODE) chromium shells
	@$(call scratch,export CONDA_STORE_LOCAL_CHANNELS="$$TMPDIR/channels"; log="$$TMPDIR/ui-test.log"; \
		echo "The browser tests run beside these; what they say follows."; \
		set -m; $(MAKE) --no-print-directory ui-test < /dev/null > "$$log" 2>&1 & set +m; \
		browser=$$!; status=0; \
		trap 'kill -INT -- -$$browser 2> /dev/null || true; wait $$browser || true; cat "$$log"; exit 130' INT TERM; \
		$(MAKE) --no-print-directory pytest || status=$$?; \
		wait $$browser || status=$$?; cat "$$log"; exit $$status)

.PHONY: lint
lint: $(INSTALLED) $(NODE) ## Check style in Python, TypeScript and CSS
	ruff check
	ruff format --check
	jlpm lint:check

.PHONY: names
names: $(INSTALLED) ## Make the table of PyPI's and conda-forge's names anew from parselmouth's (FILE=compressed_mapping.json)
	python -m conda_store_labext.specifications.names.table $(FILE)

.PHONY: format
format: $(INSTALLED) $(NODE) ## Mend what the style checks can mend by themselves
	ruff check --fix
	ruff format
	jlpm lint

.PHONY: types
types: $(INSTALLED) ## Check Python's types
	mypy

.PHONY: links
links: $(INSTALLED) ## Ask the pages of others that the documentation links to whether they are there
	python -m sphinx -b linkcheck --quiet docs build/links $(ARGS)

.PHONY: lib
lib: $(NODE) ## Compile the frontend into lib/, which the npm package holds
	jlpm build:lib:prod

.PHONY: dist
dist: $(INSTALLED) $(NODE) ## Build the sdist and the wheel into dist/, and check what is in them
	rm -rf dist
	python -m build
	twine check --strict dist/*
	check-wheel-contents dist/*.whl

# With nothing on PATH but an environment's own programs, so that a wheel that needs Node.js fails.
.PHONY: try-wheel
try-wheel: ## Install the wheel in dist/ with JupyterLab where there is no Node.js; see that both halves are enabled
	$(call scratch,$(PYTHON) -m venv "$$TMPDIR/venv"; ( PATH="$$TMPDIR/venv/bin"; \
		pip install --quiet dist/*.whl 'jupyterlab>=4.2'; python tests/packaging/halves.py ))

# From scratch each time: a page that is not read again would not warn again.
.PHONY: docs
docs: $(INSTALLED) ## Build the documentation into build/docs; fail on a warning or a dead link within it
	python -m sphinx --fresh-env --fail-on-warning --keep-going --nitpicky --quiet docs build/docs $(ARGS)

.PHONY: pytest
pytest: $(LINKED) shells ## Run the Python tests; of make survival and make fuzz some
	$(call scratch,python -m pytest -n $(PROCESSES) --dist loadfile --no-loadscope-reorder $(ARGS))

.PHONY: survival
survival: $(LINKED) ## Kill, cut, fill and damage at fifty random points each, and look at what is left
	$(call scratch,CONDA_STORE_LABEXT_SURVIVAL=1 CONDA_STORE_LABEXT_FUZZ_EXAMPLES=800 \
		python -m pytest tests/survival tests/fuzz $(ARGS))

.PHONY: jest
jest: $(NODE) ## Run the frontend's unit tests
	jlpm test $(ARGS)

.PHONY: ui-test
ui-test: $(LINKED) $(UI_NODE) chromium ## Run the browser tests
	$(call scratch,cd ui-tests && CHROMIUM_PATH=$$($(CHROMIUM) | head -n 1) jlpm test $(ARGS))

.PHONY: clean
clean: ## Remove everything that was made here
	rm -rf .venv node_modules lib build dist coverage *.egg-info tsconfig.tsbuildinfo
	rm -rf conda_store_labext/labextension .mypy_cache .pytest_cache .ruff_cache .eslintcache .stylelintcache
	rm -rf ui-tests/node_modules ui-tests/test-results ui-tests/playwright-report

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10) and "Python 3.10 or newer is needed: make PYTHON=...")'
	$(PYTHON) -m venv .venv || { rm -rf .venv; $(call apt,python3-venv) && $(PYTHON) -m venv .venv; }

# The frontend is left to the rules below, which know when it is up to date.
$(INSTALLED): pyproject.toml _build_backend/backend.py $(wildcard jupyter-config/*/*.json) | $(BIN)/python
	export JUPYTER_PACKAGING_SKIP_NPM=1; $(call retry,python -m pip install --quiet --editable '.[dev]')
	touch $@

$(NODE): package.json yarn.lock .yarnrc.yml | $(INSTALLED)
	@command -v node > /dev/null || { echo "Node.js 20 or newer is needed: https://nodejs.org" >&2; exit 1; }
	$(call retry,jlpm install | sed '/YN0013/d')
	touch $@

$(UI_NODE): ui-tests/package.json ui-tests/yarn.lock | $(INSTALLED)
	cd ui-tests; $(call retry,jlpm install | sed '/YN0013/d')
	touch $@

$(LABEXTENSION): $(FRONTEND) $(NODE)
	jlpm build
	touch $@

$(LINKED): $(INSTALLED) $(LABEXTENSION)
	jupyter-builder develop . --overwrite
	touch $@

.PHONY: chromium
chromium:
	@$(CHROMIUM) > /dev/null || { $(call apt,chromium); }

# Shells that completion is tried in, a server for git over ssh and a registry of images; where they cannot be
# installed those tests are skipped.
.PHONY: shells
shells:
	@missing=; for shell in zsh tcsh; do command -v $$shell > /dev/null || missing+=" $$shell"; done; \
	if [ -n "$$missing" ] && command -v apt-get > /dev/null && $(SUDO_WORKS); then \
		{ $(call apt,$$missing); } || echo "Completion in$$missing is not tried." >&2; fi
	@if [ ! -x /usr/sbin/sshd ] && command -v apt-get > /dev/null && $(SUDO_WORKS); then \
		{ $(call apt,openssh-server); } || echo "Git over ssh is not tried." >&2; fi
	@if [ ! -x /usr/bin/docker-registry ] && command -v apt-get > /dev/null && $(SUDO_WORKS); then \
		{ $(call apt,docker-registry skopeo); } || echo "Images are pushed to no real registry." >&2; fi

-include benchmarks/targets.mk tests/fuzz/targets.mk tests/neighbours/targets.mk tests/platform/targets.mk
