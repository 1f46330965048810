# `make run` and `make test` do all the set-up by themselves.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
PORT ?= 8501
DATA_DIR ?= var
SEED ?= 1
N ?= 1000000

# Without it each of Streamlit's threads keeps memory of its own that is never given back.
export MALLOC_ARENA_MAX := 1

.DEFAULT_GOAL := help
.PHONY: help run run-training test check bench bench-coverage drills screenshots lock verify-audit backup restore verify-backup move-database generate clean

help:  ## what there is
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

$(PY):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed")'
	@$(PYTHON) -m venv $(VENV)

# One stamp per set of packages, made anew when its lock file changes.
$(VENV)/%.stamp: requirements/%.lock | $(PY)
	@echo "Packages of $< are being installed into $(VENV): once, for some minutes, without further words."
	@$(PY) -m pip install --disable-pip-version-check --quiet --require-hashes --no-deps -r $<
	@touch $@

run: $(VENV)/run.stamp  ## start the app on this machine (PORT=, DATA_DIR=)
	@echo "Bílá místa: http://127.0.0.1:$(PORT)"
	@DATA_DIR="$(DATA_DIR)" $(PY) -m streamlit run app.py --server.address 127.0.0.1 --server.port $(PORT)

run-training: $(VENV)/run.stamp  ## start the app with invented places on a DATA_DIR of its own
	@$(PY) -m actions.training "var-training" --seed $(SEED)
	@echo "Bílá místa, školení (vymyšlená data): http://127.0.0.1:$(PORT)"
	@DATA_DIR="var-training" $(PY) -m streamlit run app.py --server.address 127.0.0.1 --server.port $(PORT)

# What drives a browser or measures has the machine for itself, the rest shares it.
ALONE := tests/browser tests/drills tests/bench
test: $(VENV)/test.stamp  ## run all tests, the browser's and PostgreSQL's too
	@$(PY) -m tests.tools.chromium
	@$(PY) -m tests.tools.postgres
	$(PY) -m pytest -n auto --dist worksteal $(addprefix --ignore=,$(ALONE))
	$(PY) -m pytest $(ALONE)

check: $(VENV)/test.stamp  ## style, types, direction of imports
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy
	$(PY) -m pytest -q -p no:randomly tests/test_imports.py

bench: $(VENV)/bench.stamp  ## measure against streamlit-folium in one run (SEED=)
	@$(PY) -m tests.tools.chromium
	$(PY) -m tests.bench.run --seed $(SEED) --write

bench-coverage: $(VENV)/bench.stamp  ## simulate white spots against five other methods (SEED=)
	$(PY) -m tests.bench.coverage_simulation --seed $(SEED)

drills: $(VENV)/test.stamp  ## try to lose, leak, double or break something (DRILL=, SEED=); docs/drills has the last results
	@$(PY) -m tests.tools.chromium
	@$(PY) -m tests.tools.postgres
	$(PY) -m tests.drills.run --seed $(SEED) --write $(if $(DRILL),--drill $(DRILL))

screenshots: $(VENV)/test.stamp  ## a picture of every page into build/screenshots
	@$(PY) -m tests.tools.chromium
	$(PY) -m tests.tools.screenshots

verify-audit: $(VENV)/run.stamp  ## check the audit chain of DATA_DIR
	$(PY) -m store.verify_audit "$(DATA_DIR)"

generate: $(VENV)/run.stamp  ## fill a DATA_DIR of its own with N invented places and three visits each (N=, SEED=, DATA_DIR=)
	$(PY) -m actions.generate "$(if $(filter command line,$(origin DATA_DIR)),$(DATA_DIR),var-generated)" --places $(N) --seed $(SEED)

move-database: $(VENV)/run.stamp  ## move everything between DATA_DIR and PostgreSQL (FROM=, TO=; one of them may be DATABASE_URL)
	@$(PY) -m store.move_database "$(FROM)" "$(TO)"

# pip-compile is told to name no host; the three files build on one another.
COMPILE := $(VENV)/bin/pip-compile --quiet --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --generate-hashes --strip-extras --no-header --allow-unsafe
lock: | $(PY)  ## resolve the versions anew
	$(PY) -m pip install --quiet pip-tools
	$(COMPILE) -o requirements/run.lock pyproject.toml
	$(COMPILE) -c requirements/run.lock --extra test -o requirements/test.lock pyproject.toml
	$(COMPILE) -c requirements/test.lock --extra test --extra bench -o requirements/bench.lock pyproject.toml

backup: $(VENV)/run.stamp  ## one sealed file with everything, also beside a running app (FILE=)
	@test -n "$(FILE)" || { echo "make backup FILE=/media/disk/name.zaloha"; exit 2; }
	@$(PY) -m api.backup_command backup "$(FILE)" --data-dir "$(DATA_DIR)"

restore: $(VENV)/run.stamp  ## a backup into an empty DATA_DIR, with DATABASE_URL into that database (FILE=, DATA_DIR=, LEDGER=)
	@test -n "$(FILE)" || { echo "make restore FILE=/media/disk/name.zaloha DATA_DIR=new-folder"; exit 2; }
	@$(PY) -m api.backup_command restore "$(FILE)" --data-dir "$(DATA_DIR)" $(if $(LEDGER),--ledger "$(LEDGER)")

verify-backup: $(VENV)/run.stamp  ## restore a backup for trial, compare, remove it again (FILE=)
	@test -n "$(FILE)" || { echo "make verify-backup FILE=/media/disk/name.zaloha"; exit 2; }
	@$(PY) -m api.backup_command verify "$(FILE)" --data-dir "$(DATA_DIR)"

clean:  ## remove what the set-up and the tests made; DATA_DIR stays
	rm -rf $(VENV) build .pytest_cache .mypy_cache .ruff_cache .hypothesis
