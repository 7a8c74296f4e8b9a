"""Notebooks are committed as nbval needs them, and nbval does see a number that is wrong."""

import copy
import re
import statistics
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from tests.execute_notebooks import NOTEBOOKS, list_notebooks

ROOT = NOTEBOOKS.parent

every_notebook = pytest.mark.parametrize(
    "path", list_notebooks(), ids=lambda path: str(path.relative_to(NOTEBOOKS))
)

# Directories of one machine, files of one kernel, addresses of one process.
OF_ONE_MACHINE = re.compile(
    rf"{re.escape(str(ROOT))}|{re.escape(str(Path.home()))}"
    r"|/(?:home|root|Users|tmp|var|opt|usr)/\w|[A-Z]:\\+Users|site-packages"
    r"|ipykernel_\d|\bat 0x[0-9a-f]{6,}"
)

NUMBER = re.compile(r"\d+")


def code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def texts(output):
    """Every text in an output: a stream's, or one for each text format."""
    if output.output_type == "stream":
        return [output.text]
    data = output.get("data", {})
    return [
        value for kind, value in data.items() if isinstance(value, str) and "image/" not in kind
    ]


@every_notebook
def test_executed_in_order(path):
    cells = code_cells(nbformat.read(path, as_version=4))
    counts = [cell.execution_count for cell in cells]
    assert counts == list(range(1, len(cells) + 1)), "execute it: make notebooks"


@every_notebook
def test_outputs_are_clean(path):
    for number, cell in enumerate(nbformat.read(path, as_version=4).cells):
        for output in cell.get("outputs", []):
            where = f"cell {number}"
            assert output.output_type != "error", f"{where}: {output.get('ename')}"
            assert output.get("name") != "stderr", f"{where} writes to stderr: {output.text}"
            for text in texts(output):
                found = OF_ONE_MACHINE.search(text)
                assert not found, f"{where} shows {found.group()!r}, which no other machine will"


@every_notebook
def test_metadata_is_clean(path):
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    assert notebook.metadata.kernelspec.name == "python3"
    assert "widgets" not in notebook.metadata, "saved widget state does not belong in git"


@every_notebook
def test_code_cells_are_short(path):
    lengths = [len(cell.source.splitlines()) for cell in code_cells(nbformat.read(path, 4))]
    assert max(lengths) <= 12, "what is longer belongs in convviz"
    assert statistics.median(lengths) <= 4


def run_nbval(path: Path) -> subprocess.CompletedProcess:
    """Compare one notebook's outputs, with this project's options."""
    command = [
        *(sys.executable, "-m", "pytest", "--nbval", path.name, "-p", "no:cacheprovider"),
        *(f"--config-file={ROOT / 'pyproject.toml'}", f"--rootdir={path.parent}"),
        *("--color=no", "-p", "no:hypothesispytest"),  # which would only take time
    ]
    return subprocess.run(
        command, capture_output=True, text=True, cwd=path.parent, timeout=300, check=False
    )


def change_output(cell, before, after):
    """Replace a text once in each of a cell's stored outputs."""
    for output in cell.outputs:
        if output.output_type == "stream":
            output.text = output.text.replace(before, after, 1)
        for kind, value in output.get("data", {}).items():
            if isinstance(value, str) and "image/" not in kind:
                output.data[kind] = value.replace(before, after, 1)


def assert_changes_are_seen(notebook, changes, directory):
    """nbval passes the notebook as it is, and fails each cell whose stored output was changed.

    `changes` holds for each such cell (index among the code cells, text before, text after).
    """
    path = directory / "copy.ipynb"
    nbformat.write(notebook, path)
    outcome = run_nbval(path)
    assert outcome.returncode == 0, outcome.stdout + outcome.stderr
    changed = copy.deepcopy(notebook)
    for index, before, after in changes:
        change_output(code_cells(changed)[index], before, after)
    nbformat.write(changed, path)
    outcome = run_nbval(path)
    assert outcome.returncode == 1, outcome.stdout + outcome.stderr
    failed = re.findall(r"^FAILED copy\.ipynb::Cell (\d+)", outcome.stdout, re.MULTILINE)
    assert [int(index) for index in failed] == [index for index, _, _ in changes], outcome.stdout


def test_nbval_sees_a_changed_number(tmp_path):
    new = nbformat.v4
    notebook = new.new_notebook(metadata={"kernelspec": {"name": "python3", "display_name": "-"}})
    result = new.new_output("execute_result", {"text/plain": "214"}, execution_count=2)
    stream = new.new_output("stream", name="stdout", text="the sum is 37\n")
    notebook.cells = [
        new.new_markdown_cell("A product and a sum."),
        new.new_code_cell("a, b = 2, 107", execution_count=1),
        new.new_code_cell("a * b", execution_count=2, outputs=[result]),
        new.new_code_cell("print('the sum is', 30 + 7)", execution_count=3, outputs=[stream]),
    ]
    assert_changes_are_seen(notebook, [(1, "214", "215"), (2, "37", "38")], tmp_path)


def find_first_number(path):
    """A notebook up to its first code cell with a number in its stored text, and that number."""
    notebook = nbformat.read(path, as_version=4)
    for index, cell in enumerate(notebook.cells):
        for output in cell.get("outputs", []):
            for text in texts(output):
                if found := NUMBER.search(text):
                    notebook.cells = notebook.cells[: index + 1]  # the rest would only take time
                    return notebook, found.group()
    return None


@pytest.mark.skipif(not list_notebooks(), reason="notebooks/ has no notebook")
def test_nbval_sees_a_changed_number_in_a_real_notebook(tmp_path):
    notebook, number = next(filter(None, map(find_first_number, list_notebooks())))
    last = len(code_cells(notebook)) - 1
    assert_changes_are_seen(notebook, [(last, number, str(int(number) + 1))], tmp_path)
