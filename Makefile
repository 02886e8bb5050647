# The two commands a newcomer needs are `make nightly` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export BIAOGAN_HOME ?= $(CURDIR)/data

.PHONY: nightly test test-slow lint bench dictionary lock clean

nightly: $(VENV)/installed
	$(BIN)/biaogan demo
	$(BIN)/biaogan nightly

test: $(VENV)/installed
	$(BIN)/python -m pytest -n 2 --dist loadscope -m "not slow"

test-slow: $(VENV)/installed
	$(BIN)/python -m pytest -n 2 --dist loadscope -m slow

lint: $(VENV)/installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/sqlfluff lint sql
	$(BIN)/lint-imports
	$(BIN)/deptry .

bench: $(VENV)/installed
	$(BIN)/python -m bench

dictionary: $(VENV)/installed
	$(BIN)/biaogan dictionary --markdown -o docs/dictionary.md

# Needs uv; the lock names no index address, so it installs from whichever index is configured.
lock:
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-emit-find-links --no-header --all-extras -o requirements.lock pyproject.toml

$(VENV)/installed: requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	touch $@

clean:
	rm -rf $(VENV) data
