# Tallystick. `make help` lists the targets; `make demo` and `make test` are the two that matter.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
export PYTHONHASHSEED := 0
# As the program sets it for itself (doors/cli/main.py).
export OPENBLAS_NUM_THREADS := 1
# Tests start hundreds of processes: what is compiled once is kept, whatever the shell says.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help demo test check fmt access bench bench-small bench-identity lock clean spark-runtime

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

demo: $(VENV)/.run ## install, make a small trade world, rate everyone, write reports, serve it (Ctrl-C ends it)
	$(BIN)/tallystick demo --serve

# In the order of the folders: the slow ones (contract, golden, properties) start first and the quick ones fill up.
test: $(VENV)/.dev ## install the development tools and pass all tests
	$(BIN)/python -m pytest -n 2 --max-worker-restart 0 --dist loadfile --no-loadscope-reorder

check: $(VENV)/.dev ## format, lint, types, imports, known vulnerabilities
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/python .ci/audit.py

fmt: $(VENV)/.dev ## put the code in form
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

access: $(VENV)/.run ## write docs/reference/access.md from the table of rights
	$(BIN)/python -m tallystick.service.access_page

bench: $(VENV)/.dev ## run every benchmark at full size (about half an hour)
	$(BIN)/python -m benchmarks

bench-small: $(VENV)/.dev ## the same at a tenth of the size (a few minutes)
	$(BIN)/python -m benchmarks --scale 0.1

bench-identity: $(VENV)/.dev ## how well companies are told apart and found, by kind of difficulty
	$(BIN)/python -m benchmarks identity_names identity_linking identity_growth identity_find identity_records

lock: $(VENV)/.dev ## resolve the dependencies anew, with hashes and without host names
	$(BIN)/uv pip compile --upgrade --quiet --universal --generate-hashes --no-emit-index-url --no-header \
	  --python-version 3.11 --extra build --output-file requirements/run.txt pyproject.toml
	$(BIN)/uv pip compile --upgrade --quiet --universal --generate-hashes --no-emit-index-url --no-header \
	  --python-version 3.11 --extra build --extra dev --extra bench \
	  --output-file requirements/dev.txt pyproject.toml

clean: ## remove the virtual environment and caches
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis demo-out

# The build tools come first and from the lock, so that nothing is built with an unpinned one.
$(BIN)/python:
	$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Tallystick needs Python 3.11 or newer: make demo PYTHON=python3.12")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: requirements/run.txt pyproject.toml | $(BIN)/python
	@sed -n '/^\(editables\|hatchling\|packaging\|pathspec\|pluggy\|setuptools\|tomlkit\|trove-classifiers\|wheel\)==/,/[^\\]$$/p' $< > $(VENV)/build.txt
	@$(PIP) install --quiet --require-hashes --no-deps -r $(VENV)/build.txt
	@echo "installing Tallystick and what it needs into $(VENV) (a minute or two the first time)"
	@$(PIP) install --quiet --require-hashes --no-build-isolation -r $<
	@$(PIP) install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: requirements/dev.txt $(VENV)/.run
	@echo "installing the development tools, Spark and a Java runtime into $(VENV) (some minutes the first time)"
	@$(PIP) install --quiet --require-hashes --no-build-isolation -r $<
	@touch $@
