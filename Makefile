# What a person types here. Every target says what it does; `make help` lists them.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo test quick check fmt bench docs lock changelog clean

VENV := .venv
PY := $(VENV)/bin/python
PIP := $(PY) -m pip install --quiet --disable-pip-version-check --no-input
RUN_STAMP := $(VENV)/.installed-to-run
DEV_STAMP := $(VENV)/.installed-to-develop
EXPORT := $(VENV)/bin/uv export --frozen --no-emit-project --format requirements-txt --no-header --no-annotate
export PYTHONUTF8 := 1

help: ## List the targets
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 20

demo: $(RUN_STAMP) ## Make some sixty media files, decide them, prove and rehearse policies, open the workbench; pages in demo/
	@echo "demo: making media files, scanning them, deciding them for every market, once more by the decision service, and for a workbench with made-up people"
	@$(VENV)/bin/assay demo --service --workbench
	@echo "demo: looking into one file whose original was changed and then signed anew"
	@$(VENV)/bin/assay inspect demo/media/hills-laundered.jpg --trust demo/trust --banks demo/banks --html demo/inspection.html | (head -n 5; tail -n 1)
	@echo "demo: proving the starter pack, for every item there can be"
	@$(VENV)/bin/assay prove packs/starter --html demo/proof.html | tail -n 2
	@echo "demo: comparing two editions of a policy, decision by decision"
	@$(VENV)/bin/assay diff packs/editions/2024 packs/editions/2025 --html demo/difference.html --exit-zero | (head -n 1; tail -n 1)
	@echo "demo: rehearsing the newer edition on a made-up month of uploads"
	@$(VENV)/bin/assay history synth --pack packs/editions/2024 --pack packs/editions/2025 --rows 200000 --drift \
	  --design stratified --sample 20000 -o demo/uploads.parquet | head -n 1
	@$(VENV)/bin/assay backtest --history demo/uploads.parquet --base packs/editions/2024 --candidate packs/editions/2025 \
	  --html demo/rehearsal.html | (head -n 2; tail -n 1)
	@echo "demo: the workbench; made-up people and their ways in:"; sed -n 3,8p demo/workbench/people.txt
	@if [ -t 0 ] && [ -t 1 ]; then exec $(VENV)/bin/assay serve --config demo/workbench/assay.toml; \
	else echo "demo: open it: $(VENV)/bin/assay serve --config demo/workbench/assay.toml"; fi

test: $(DEV_STAMP) check ## Everything: the static checks, then every test
	@echo "test: every test, two at a time, with many generated examples"
	@$(PY) -m pytest -n 2 -q --hypothesis-profile=ci
	@echo "test: the workbench once more, on PostgreSQL"
	@$(PY) -m pytest -n 2 -q --hypothesis-profile=quick --store postgresql tests/governance tests/interfaces/web tests/workbench \
	  --ignore tests/interfaces/web/browser

quick: $(DEV_STAMP) ## Without what is slow: unit tests, the laws on few examples, the house rules
	@echo "quick: tests that are not slow, with few generated examples"
	@$(PY) -m pytest -n 2 -q -m "not slow and not story" --hypothesis-profile=quick

check: $(DEV_STAMP) ## Static checks only: ruff, mypy, import-linter
	@echo "check: ruff (lint and format), mypy --strict, import-linter"
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/ruff format --check .
	@$(VENV)/bin/mypy
	@$(VENV)/bin/lint-imports --no-logo

fmt: $(DEV_STAMP) ## Format the code and mend what ruff can mend safely
	@echo "fmt: ruff format, ruff check --fix"
	@$(VENV)/bin/ruff format .
	@$(VENV)/bin/ruff check --fix .

bench: $(DEV_STAMP) ## Every benchmark on a small sample (run one without --quick for README's figures)
	@for script in $$(grep -l '__main__' benchmarks/*.py); do echo "bench: $$script --quick"; $(PY) $$script --quick; done

docs: $(DEV_STAMP) ## Build the documentation into site/
	@echo "docs: building site/ from docs/"
	@$(VENV)/bin/zensical build --clean --strict

lock: | $(PY) ## Renew both lock files from pyproject.toml
	@echo "lock: resolving for Linux and macOS, every supported Python"
	@test -x $(VENV)/bin/uv || $(PIP) uv
	@$(VENV)/bin/uv lock --upgrade --quiet
	@{ echo "# What Assay needs to run and to be built, each file with its digest. Written by \`make lock\`."; \
	   $(EXPORT) --no-dev --group build; } > requirements.lock
	@{ echo "# The same, and what developing, testing and measuring need. Written by \`make lock\`."; \
	   $(EXPORT) --all-groups; } > requirements-dev.lock

changelog: $(DEV_STAMP) ## Show what the change notes add to CHANGELOG.md at the next release
	@$(VENV)/bin/towncrier build --draft --version next

clean: ## Remove what was built; the environment in .venv stays
	rm -rf build dist site demo .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

# An interpreter is tried, not only looked up: version managers leave commands that cannot run.
$(PY):
	@for candidate in $${PYTHON:-} python3.11 python3.12 python3.13 python3; do \
	  if "$$candidate" -c 'import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' 2>/dev/null; then \
	    echo "setup: making $(VENV) with $$candidate"; "$$candidate" -m venv $(VENV); exit 0; fi; done; \
	echo "setup: no Python 3.11, 3.12 or 3.13 that can make an environment (with venv and ensurepip) was found." >&2; \
	echo "       Install one (on Debian: python3 and python3-venv), or name it: make demo PYTHON=/path/to/python3.12" >&2; \
	exit 1

$(RUN_STAMP): requirements.lock pyproject.toml | $(PY)
	@echo "setup: installing what requirements.lock names, each file checked against its digest"
	@$(PIP) --require-hashes -r requirements.lock
	@$(PIP) --no-deps --no-build-isolation -e .
	@touch $@

$(DEV_STAMP): requirements-dev.lock pyproject.toml | $(PY)
	@echo "setup: installing what requirements-dev.lock names, each file checked against its digest"
	@$(PIP) --require-hashes -r requirements-dev.lock
	@$(PIP) --no-deps --no-build-isolation -e .
	@touch $@ $(RUN_STAMP)
