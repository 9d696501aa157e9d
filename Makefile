# Set-up is part of every target: the environment in .venv is made when it is missing or setup.cfg has changed.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: demo figures notebooks test quality bench lab format clean

$(VENV)/.demo: setup.cfg pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e .
	touch $@

$(VENV)/.test: $(VENV)/.demo
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[test]'
	touch $@

$(VENV)/.lab: $(VENV)/.demo
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[lab]'
	touch $@

# Compares the embedded editions and leaves tables, figures and a report in demo/.
demo: $(VENV)/.demo
	@$(BIN)/plandiff compare data/editions/thanh-hoa-2025-ct-03.txt data/editions/son-la-2025-qd-161.txt -o demo/thanh-hoa-2025--son-la-2025
	@$(BIN)/plandiff compare data/editions/thanh-hoa-2023-kh.txt data/editions/thanh-hoa-2025-ct-03.txt -o demo/thanh-hoa-2023--thanh-hoa-2025

# The README's figures, from the editions. CHECK=--check draws nothing and says what would change.
figures: $(VENV)/.demo
	@$(BIN)/plandiff figures data/editions/son-la-2025-qd-161.txt data/editions/thanh-hoa-2021-qd-2999.txt data/editions/thanh-hoa-2023-kh.txt data/editions/thanh-hoa-2025-ct-03.txt data/editions/thanh-hoa-2025-kh-63.txt --only theme-heatmap --only target-years --format svg -o docs/figures/five-plans $(CHECK)
	@$(BIN)/plandiff figures data/editions/thanh-hoa-2025-ct-03.txt data/editions/son-la-2025-qd-161.txt --only themes --only alignment --only evidence --pair '-10#3' 'Điều-1/II/7/7.6#3' --format svg -o docs/figures/two-plans $(CHECK)

# The notebooks as pages with their results, run on the editions.
notebooks: $(VENV)/.test
	$(BIN)/python benchmarks/docs_notebooks.py

# Lint, format, types, tests. CHROMIUM=0 leaves out the tests that need a browser.
test: $(VENV)/.test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest

# Scores the tables and alignments against the gold labels, where they are at hand, and writes the README's table.
quality: $(VENV)/.test
	$(BIN)/python benchmarks/quality.py

bench: $(VENV)/.test
	$(BIN)/python benchmarks/speed.py

lab: $(VENV)/.lab
	JUPYTER_PREFER_ENV_PATH=1 $(BIN)/jupyter lab notebooks

format: $(VENV)/.test
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean:
	rm -rf $(VENV) demo build *.egg-info
