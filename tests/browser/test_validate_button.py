"""The button with which a student tries the public tests, on the version that students get."""

import nbformat
import pytest

from tests.course import ASSIGNMENTS, read_source


@pytest.fixture
def lab(course, own_lab):
    return own_lab


@pytest.fixture
def validate(lab, course):
    """Open a notebook that is filled in so far, press the button; what the dialogue says."""

    def press(assignment: str, answers: dict[str, str]) -> str:
        released = course / "release" / assignment / f"{assignment}.ipynb"
        notebook = nbformat.read(released, as_version=4)
        for cell in notebook.cells:
            name = cell.metadata.get("nbgrader", {}).get("grade_id")
            cell.source = answers.get(name, cell.source)
        nbformat.write(notebook, lab.server.root / released.name)
        lab.open(released.name)
        lab.page.get_by_text("Validate", exact=True).click()
        dialogue = lab.page.get_by_role("dialog").filter(has_text="Validation Results")
        dialogue.wait_for(timeout=90_000)
        return dialogue.inner_text()

    return press


def answers_of(assignment: str) -> dict[str, str]:
    cells = read_source(assignment).cells
    kinds = [cell.metadata.get("nbgrader", {}) for cell in cells]
    return {
        kind["grade_id"]: cell.source
        for kind, cell in zip(kinds, cells, strict=True)
        if kind.get("solution")
    }


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_the_solution_passes(validate, lab, assignment):
    said = validate(assignment, answers_of(assignment))
    assert "Success! Your notebook passes all the tests." in said
    lab.assert_no_errors()


def test_a_mistake_is_told_as_the_tests_tell_it(validate, lab):
    answers = answers_of("output-sizes")
    answers["output-size"] = (
        "def output_size(n, kernel_size, stride=1, padding=0, dilation=1):\\n"
        "    return (n + 2 * padding - dilation * (kernel_size - 1) - 1) / stride + 1"
    ).replace("\\n", "\n")
    said = validate("output-sizes", answers)
    assert "AssertionError: output_size(" in said
    assert "HIDDEN" not in said
    lab.assert_no_errors()
