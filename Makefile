# Doska's commands. `make` alone lists them; they need only Python 3.11 or newer and make.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
RUNNING := $(VENV)/.running
READY := $(VENV)/.ready
AUDIT := $(VENV)-audit
# A worker needs up to 16 connections to PostgreSQL, which has 100 where the workers share one.
WORKERS := -n auto --maxprocesses 4 --dist worksteal

# Scripts that produce the pictures in docs/; each says at its top what it needs.
SHOW := $(BIN)/python ui/build.py --run node ../docs/recording

.PHONY: help run ui ui-check journeys recording pictures drawing test check lint types imports coverage bench bench-ui soak seeded format lock audit schema clean

help: ## Show this list
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

# What running needs: Python gets the path of the sources, so that nothing has to be built.
$(RUNNING): requirements-run.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Doska needs Python 3.11 or newer: make PYTHON=python3.12 ...")'
	@echo "Creating the environment in $(VENV) (once, about a minute) ..."
	@$(PYTHON) -m venv $(VENV)
	@$(PIP) install --require-hashes -r requirements-run.lock
	@$(BIN)/python -c 'import pathlib, site; pathlib.Path(site.getsitepackages()[0], "doska.pth").write_text(str(pathlib.Path("src").resolve()))'
	@printf '#!/bin/sh\nexec "$$(dirname "$$0")/python" -m doska "$$@"\n' > $(BIN)/doska && chmod +x $(BIN)/doska
	@touch $(RUNNING)

$(READY): $(RUNNING) requirements-dev.lock pyproject.toml
	@$(PIP) install --require-hashes -r requirements-dev.lock
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $(READY)

run: $(RUNNING) ## Serve Doska on http://127.0.0.1:8000 with its own PostgreSQL
	@$(BIN)/python ui/build.py || echo "Doska starts without its interface; the API works."
	@exec $(BIN)/doska serve

ui: $(RUNNING) ## Build the browser interface (Node comes from a wheel if need be)
	@$(BIN)/python ui/build.py

journeys: $(READY) ## The interface in a real browser against a real server (ONLY=words; CHROMIUM=path, SHOTS=folder, SLOW=ms)
	@$(BIN)/python ui/build.py
	@$(BIN)/python ui/build.py --run vitest run --config vitest.journeys.config.ts $(if $(ONLY),-t "$(ONLY)")

recording: $(READY) ## Record the video in docs/recording again (needs Chromium, ffmpeg, git)
	@$(SHOW)/record.mjs

pictures: $(READY) ui ## Take the screenshots of the board again (needs Chromium)
	@$(SHOW)/pictures.mjs

drawing: $(READY) ## Draw the diagram of schema.sql again (needs Chromium)
	@$(SHOW)/drawing.mjs

ui-check: $(READY) ## Types, warnings and unit tests of the interface
	@$(BIN)/python ui/build.py --check

test: $(READY) ## Run the tests (DOSKA_TEST_DATABASE_URL: on your own server)
	@$(BIN)/coverage erase
	@$(BIN)/coverage run -m pytest $(WORKERS)
	@$(BIN)/coverage combine --quiet

check: lint types imports ui-check journeys coverage ## Everything a change must pass

lint: $(READY) ## Style and common mistakes
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .

types: $(READY) ## Static types
	@$(BIN)/mypy

imports: $(READY) ## The layers: imports point down only
	@$(BIN)/lint-imports

coverage: test ## Run the tests, require 90 % branch coverage of src
	@$(BIN)/coverage report

bench: $(READY) ## Measure performance, 10 minutes (ROUNDS=5, ONLY=4,5; QUICK=1: a short run; AGAINST=COMMIT: beside that build)
	@$(BIN)/python benchmarks/$(if $(AGAINST),against.py $(AGAINST),bench.py) $(if $(QUICK),--quick) $(if $(ROUNDS),--rounds $(ROUNDS)) $(if $(ONLY),--only $(ONLY))

bench-ui: $(READY) ## Measure the interface in a real browser, 10 minutes (ROUNDS=5; QUICK=1 for a short run; CHROMIUM=...)
	@$(BIN)/python benchmarks/interface.py $(if $(QUICK),--quick) $(if $(ROUNDS),--rounds $(ROUNDS))

soak: $(READY) ## Test the promises under faults and load (ONLY=kill,order; QUICK=1: a tenth; OUT=1: store the results)
	@PYTHONPATH=tests/support:tests $(BIN)/python tests/soak/run.py $(if $(QUICK),--quick) $(if $(ONLY),--only $(ONLY)) $(if $(OUT),--out)

seeded: $(READY) ## Plant the bugs of tests/bugs and see each proof fail (ONLY=words of a bug)
	@PYTHONPATH=tests/support:tests $(BIN)/python tests/bugs/plant.py $(if $(ONLY),--only "$(ONLY)")

format: $(READY) ## Format the code
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

lock: ## Pin every dependency with its hashes (needs uv)
	uv pip compile --quiet --universal --generate-hashes --no-header --extra images --extra s3 pyproject.toml -o requirements.lock
	uv pip compile --quiet --universal --generate-hashes --no-header --extra embedded --extra images --extra s3 pyproject.toml -c requirements.lock -o requirements-run.lock
	uv pip compile --quiet --universal --generate-hashes --no-header requirements-node.in -o requirements-node.lock
	uv pip compile --quiet --universal --generate-hashes --no-header --extra embedded --extra images --extra s3 --group dev pyproject.toml -c requirements.lock -o requirements-dev.lock
	uv pip compile --quiet --universal --generate-hashes --no-header --group audit -o requirements-audit.lock
	uv pip compile --quiet --universal --generate-hashes --no-header --group clients -o requirements-clients.lock

$(AUDIT)/.ready: requirements-audit.lock
	@$(PYTHON) -m venv $(AUDIT)
	@$(AUDIT)/bin/python -m pip --disable-pip-version-check --quiet install --require-hashes -r requirements-audit.lock
	@touch $(AUDIT)/.ready

audit: $(AUDIT)/.ready ## Look for known vulnerabilities in pinned dependencies (OPTIONS="-s osv": another source)
	@$(AUDIT)/bin/python tests/support/advisories.py $(OPTIONS)

schema: $(READY) ## Write schema.sql from the migrations
	@$(BIN)/python tests/support/schema_dump.py > schema.sql

clean: ## Remove the environment and all caches
	rm -rf $(VENV) $(AUDIT) ui/node_modules src/doska/pages .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis .coverage*
