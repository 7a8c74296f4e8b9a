# Everything here needs `make` and Python 3.11, 3.12 or 3.13, and nothing else.
# More words for the command at the end: make test ARGS="-k geometry"

.DEFAULT_GOAL := help
.PHONY: help lab test install notebooks site grade js format clean
.DELETE_ON_ERROR:

VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
SITE_INSTALLED := $(VENV)/.site-installed
GRADING_INSTALLED := $(VENV)/.grading-installed
NODE_MODULES := convviz/widgets/js/node_modules/.package-lock.json
# The versions that TensorFlow can be installed on. ensurepip is what Debian leaves out of Python.
SUITABLE := import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))
ARGS ?=

help: ## show this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1|\2/p' $(MAKEFILE_LIST) | \
		while IFS='|' read -r target text; do printf '%-16s%s\n' "$$target" "$$text"; done

lab: $(INSTALLED) ## open the notebooks in JupyterLab (installs what it needs the first time)
	$(BIN)/python -m jupyterlab --ServerApp.root_dir=notebooks $(ARGS)

test: $(INSTALLED) $(SITE_INSTALLED) $(GRADING_INSTALLED) ## run every test: Python, notebooks, JavaScript, browser
	$(BIN)/python -m pytest --nbval $(ARGS)

install: $(INSTALLED) ## only install, into .venv

notebooks: $(INSTALLED) ## execute the notebooks in place, as the tests will compare them
	$(BIN)/python -m tests.execute_notebooks $(ARGS)

site: $(SITE_INSTALLED) $(NODE_MODULES) ## build the collection as a web page, in build/site
	$(BIN)/python site/build.py build/site $(ARGS)

grade: $(GRADING_INSTALLED) ## grade what students handed in: make grade ARGS="--from FOLDER"
	$(BIN)/python assignments/grade.py $(ARGS)

js: $(INSTALLED) ## rebuild the widgets' JavaScript
	cd convviz/widgets/js && PATH="$(CURDIR)/$(BIN):$$PATH" && npm ci --ignore-scripts && npm run build

format: $(INSTALLED) ## format the Python sources, and mend what can be mended
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

clean: ## remove what was installed and every cache
	rm -rf $(VENV) build *.egg-info convviz/widgets/js/node_modules
	rm -rf .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -prune -exec rm -rf {} +

# Install when there is nothing yet, or when what is to be installed has changed.
$(INSTALLED): requirements.txt pyproject.toml
	@if ! $(BIN)/python -c '$(SUITABLE)' 2>/dev/null; then \
		for python in $(PYTHON) python3 python3.13 python3.12 python3.11 python; do \
			if $$python -c '$(SUITABLE)' 2>/dev/null; then found=$$python; break; fi; \
		done; \
		if [ -z "$$found" ]; then \
			echo "convviz needs Python 3.11, 3.12 or 3.13 with its venv module" \
				"(on Debian: apt-get install python3-venv), or: make PYTHON=/path/to/python"; \
			exit 1; \
		fi; \
		echo "Installing into $(VENV), with $$($$found --version). The first time this takes minutes."; \
		$$found -m venv --clear $(VENV); \
	fi
	$(BIN)/python -m pip install --disable-pip-version-check -r requirements.txt
	$(BIN)/python -m pip install --disable-pip-version-check --no-build-isolation --no-deps -e .
	@$(BIN)/python -m tests.kernel_environment
	@# Matplotlib looks for fonts once, and says so on stderr if that takes long.
	@$(BIN)/python -c 'import matplotlib.font_manager'
	@touch $@

# What only the site needs.
$(SITE_INSTALLED): site/requirements.txt $(INSTALLED)
	$(BIN)/python -m pip install --disable-pip-version-check -r requirements.txt -r site/requirements.txt
	@touch $@

# What only the assignments need, among it the Validate button in JupyterLab.
$(GRADING_INSTALLED): assignments/requirements.txt $(INSTALLED)
	$(BIN)/python -m pip install --disable-pip-version-check -r requirements.txt -r assignments/requirements.txt
	@touch $@

$(NODE_MODULES): convviz/widgets/js/package-lock.json | $(INSTALLED)
	cd convviz/widgets/js && PATH="$(CURDIR)/$(BIN):$$PATH" npm ci --ignore-scripts --no-audit --no-fund
	@touch $@
