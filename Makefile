# Every target sets up what it needs: Python 3.11 or later and make are enough.
# The first `make` takes some minutes (packages); `make demo` and `make test` download a model of 1.1 GB once.

PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.installed
COUNT ?= 3

.DEFAULT_GOAL := help
.PHONY: help demo test lint weights clean

help:  ## say what there is
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1  \t/'

demo: $(STAMP)  ## the whole job on two of the samples with the embedded model (COUNT=3 dialogues of each)
	@$(BIN)/millstream demo --count $(COUNT)

test: lint weights  ## lint, types, and every test this machine can run
	$(BIN)/pytest -rs

lint: $(STAMP)  ## ruff and mypy --strict
	$(BIN)/ruff check
	$(BIN)/mypy

# Without them the tests that need a model are skipped, and say so.
weights: $(STAMP)  ## fetch the models the tests run
	@for name in qwen2.5-coder-1.5b e5-small whisper-base ge2e; do \
	  $(BIN)/millstream models --fetch $$name >/dev/null || echo "without $$name: its tests will be skipped" >&2; \
	done

clean:  ## remove the environment and what tools left; downloaded models and runs stay
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis build dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(STAMP): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "millstream needs Python 3.11 or later: make PYTHON=python3.11")'
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "installing millstream and what it needs into .venv (some minutes, once)" >&2
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[local,media,zh,sounds,eval,link,parquet,retrieval,store,xlsx,ray,otel,dev]'
	@touch $@
