# Every target sets up what it needs in .venv; nothing else on the machine is touched.
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3; do \
	command -v $$p >/dev/null && $$p -c 'import sys; sys.exit(not (3,11) <= sys.version_info < (3,14))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
DATA ?= ../shared/data

.PHONY: app install test lint bench clean

app: .venv/installed  ## open Diaphane in the browser
	$(BIN)/streamlit run app.py

install: .venv/installed-train  ## set up .venv for the app and every command, training too

test: .venv/installed-dev  ## run all tests, browser tests too where Chromium is found
	$(BIN)/python -m pytest -n 2 --dist loadscope --no-loadscope-reorder -m "not benchmark"

lint: .venv/installed-dev  ## style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: .venv/installed-dev  ## measure speed, as ratios in one run
	$(BIN)/python -m pytest -m benchmark -s tests/benchmarks

clean:
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis

.venv/bin/python:
	@test -n "$(PYTHON)" || { echo "Diaphane needs Python 3.11, 3.12 or 3.13; none was found."; exit 1; }
	$(PYTHON) -m venv .venv

.venv/installed: requirements.txt | .venv/bin/python
	$(BIN)/python -m pip install --quiet --requirement requirements.txt
	@touch $@

.venv/installed-train: requirements-train.txt requirements.txt | .venv/bin/python
	$(BIN)/python -m pip install --quiet --requirement requirements-train.txt
	@touch $@ .venv/installed

.venv/installed-dev: requirements-dev.txt requirements-train.txt requirements.txt | .venv/bin/python
	$(BIN)/python -m pip install --quiet --requirement requirements-dev.txt
	@touch $@ .venv/installed .venv/installed-train
