# `make chat` and `make test` are all a fresh machine needs; both set up .venv first.
PYTHON ?= python3
INDEX ?= .hoibao/sample
PIP := .venv/bin/python -m pip --disable-pip-version-check

.PHONY: chat test milvus-test lint clean

chat: .venv/chat.done  ## serve the chat on 127.0.0.1:7860, answering from the sample
	@test -e $(INDEX)/index.sqlite || .venv/bin/qa index sample/articles --index $(INDEX)
	.venv/bin/python app.py --index $(INDEX)

test: .venv/test.done  ## run every test
	.venv/bin/python -m pytest

milvus-test: .venv/test.done  ## what every index keeps, over each kind of Milvus that can be had
	.venv/bin/python -m tests.milvus_suite

lint: .venv/test.done  ## style and types
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy

.venv/chat.done: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(PIP) install --quiet --progress-bar on --constraint constraints.txt torch
	$(PIP) install --quiet --progress-bar on --constraint constraints.txt --editable .
	@touch $@

.venv/test.done: .venv/chat.done
	$(PIP) install --quiet --constraint constraints.txt --editable ".[dev]"
	@touch $@

clean:  ## remove what the commands above made here
	rm -rf .venv .hoibao build *.egg-info
