# Two commands do everything: `make run` and `make test`.
PYTHON3 ?= python3
BIN := .venv/bin
PORT ?= 8000

.PHONY: run test setup setup-run check bench clean messages

run: setup-run
	@$(BIN)/python scripts/run.py --port $(PORT)

test: setup
	@$(BIN)/python scripts/test.py $(ARGS)

setup: need-python
	@$(PYTHON3) scripts/setup.py

setup-run: need-python
	@$(PYTHON3) scripts/setup.py --run-only

check: setup
	@$(BIN)/python scripts/check.py

bench: need-python
	@$(PYTHON3) scripts/setup.py --bench
	@$(BIN)/python scripts/bench.py $(ARGS)

messages: setup
	@$(BIN)/python scripts/messages.py

clean:
	rm -rf .venv node_modules static/vendor .pytest_cache .mypy_cache .ruff_cache .import_linter_cache

.PHONY: need-python
need-python:
	@command -v $(PYTHON3) >/dev/null 2>&1 || { \
	  echo "  ✗ Không tìm thấy Python 3: hãy cài Python 3.11 trở lên (sudo apt install python3 python3-venv)."; \
	  echo "  ✗ Python 3 was not found: install Python 3.11 or newer (sudo apt install python3 python3-venv)."; exit 1; }
