# Every target sets up what it needs in .venv; nothing else on the machine is touched.
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3; do \
	command -v $$p >/dev/null && $$p -c 'import sys; sys.exit(not (3,11) <= sys.version_info < (3,14))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
DATA ?= ../shared/data
LOCK ?= yes

.PHONY: app install test lint bench lock audit clean

app: .venv/installed  ## open Diaphane in the browser
	$(BIN)/streamlit run app.py

install: .venv/installed-train  ## set up .venv for the app and every command, training too

# OpenMP's threads wait for one another in a loop: two workers on two cores would compute ten
# times as long where each starts two of them (k-means).
test: .venv/installed-dev  ## run all tests, browser tests too where Chromium is found
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest -n 2 --dist loadscope --no-loadscope-reorder -m "not benchmark"

lint: .venv/installed-dev  ## style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: .venv/installed-dev  ## measure speed, as ratios in one run
	$(BIN)/python -m pytest -m benchmark -s tests/benchmarks

lock:  ## choose and write down anew what the tests are run with, every file by its digest
	$(PYTHON) -m venv .venv/locking
	.venv/locking/bin/python -m pip install --quiet "uv>=0.9,<1"
	.venv/locking/bin/uv pip compile --upgrade --universal --python-version 3.11 \
		--generate-hashes --no-config --custom-compile-command "make lock" --quiet \
		--output-file requirements-test.lock requirements-dev.txt

audit: .venv/installed-dev  ## known weaknesses of what is installed; needs a network
	$(BIN)/python -m pip check
	$(PYTHON) -m venv .venv/auditing
	.venv/auditing/bin/python -m pip install --quiet "pip-audit>=2.9,<3" \
		|| { echo "pip-audit is not to be had here: audit where there is a network."; exit 1; }
	.venv/auditing/bin/pip-audit --strict --requirement requirements-test.lock --require-hashes \
		--disable-pip --progress-spinner off || { \
		echo "Either a weakness is known (listed above), or the advisories cannot be fetched:" \
			"pip-audit asks for them over the network. make test checks pins, digests and" \
			"licences without one."; exit 1; }

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

.venv/installed-dev: requirements-test.lock requirements-dev.txt requirements-train.txt \
		requirements.txt .ci/install-tests | .venv/bin/python
	LOCK=$(LOCK) sh .ci/install-tests
	@touch $@ .venv/installed .venv/installed-train
