# Where there is make: `make lab` is `python3 make.py lab`, and so on. `make` lists what there is.
# More words for the command at the end: make test ARGS="-k geometry"

PYTHON ?= python3
ARGS ?=
TASKS := install lab test notebooks site grade bench js format clean

.PHONY: help $(TASKS)

help:
	@$(PYTHON) make.py

$(TASKS):
	@$(PYTHON) make.py $@ $(ARGS)
