# Everything sets itself up: `make demo` and `make test` need Python 3.11 or newer and nothing else.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: demo test check bench lint types imports package clean constraints sample handbook notebook model

demo: $(READY)
	$(BIN)/tracker demo

test: $(READY)
	$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder

check: lint types imports test package

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(READY)
	$(BIN)/mypy

imports: $(READY)
	$(BIN)/lint-imports

# The wheel must carry its templates and data: install it away from the checkout and run it there; then as the container does.
package: $(READY)
	$(BIN)/python tools/check_wheel.py
	$(BIN)/python tools/check_container.py

# make bench: those that need no corpus. make bench NAME=names ARGS="FOLDER --quick": one of the others.
NAME ?= extract
bench: $(READY)
	$(BIN)/python benchmarks/$(NAME).py $(ARGS)
	@echo 'Others, each over a folder of public test sets: make bench NAME=names ARGS="FOLDER"; likewise NAME=dates, NAME=quantities'

# make model CORPORA=folder ARGS="--out build/model": train the language model anew; docs/model.md says from what
model: $(READY)
	@test -d "$(CORPORA)" || { echo 'make model CORPORA=FOLDER; docs/model.md says what the folder must hold'; exit 2; }
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e ".[model]"
	$(BIN)/python tools/model/build.py "$(CORPORA)" $(ARGS)

sample: $(READY)
	$(BIN)/python tools/build_sample.py

# docs/database.md: the schema's comments, and the worked questions with the sample's answers
handbook: $(READY)
	$(BIN)/python tools/database_handbook.py

# examples/*.ipynb: run over the sample, with what they print and draw
notebook: $(READY)
	$(BIN)/python tools/notebook.py

$(READY): constraints.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(0 if (3, 11) <= sys.version_info[:2] < (3, 14) else "Python 3.11, 3.12 or 3.13 is needed, this is " + sys.version.split()[0] + "; name another with make PYTHON=python3.12")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r constraints.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

# Pin every dependency anew, for all platforms, and of these what the container installs; needs uv.
constraints:
	uv pip compile pyproject.toml --extra dev --extra build --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --quiet --output-file constraints.txt
	$(MAKE) $(READY)
	$(BIN)/python tools/container_pins.py

clean:
	rm -rf $(VENV) tracker-demo site var dist build .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
