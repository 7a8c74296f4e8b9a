"""The pieces of the grading engine by themselves: plain data, outputs, and rebuilt submissions."""

import json
import math
import subprocess
import sys
from pathlib import Path

import nbformat
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from tests.lacking import POSIX, only_on

only_on(*POSIX, what="grading")
pytest.importorskip("nbgrader", reason="grading: pip install -r assignments/requirements.txt")

COURSE = Path(__file__).parent.parent / "assignments"
sys.path.insert(0, str(COURSE))

from grading import outputs, pages, plain, rebuild, walls  # noqa: E402
from grading.skeleton import Skeleton  # noqa: E402

# -- plain data -----------------------------------------------------------------------------------

NUMBERS = st.one_of(
    arrays.boolean_dtypes(), arrays.integer_dtypes(), arrays.unsigned_integer_dtypes(),
    arrays.floating_dtypes(sizes=(16, 32, 64)),
)  # fmt: skip
LEAVES = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8),
    arrays.arrays(NUMBERS, arrays.array_shapes(min_dims=0, min_side=0, max_side=3)),
    NUMBERS.flatmap(lambda dtype: arrays.from_dtype(dtype)),
)  # fmt: skip
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.lists(inner, max_size=3).map(tuple),
        st.dictionaries(st.one_of(st.integers(), st.text(max_size=3)), inner, max_size=3),
    ),
    max_leaves=6,
)


def same(a: object, b: object) -> bool:
    """Whether two values are alike in every respect; NaN is like NaN."""
    if type(a) is not type(b):
        return False
    if isinstance(a, np.ndarray | np.generic):
        native = a.dtype.newbyteorder("=")
        return (
            b.dtype == native and a.shape == b.shape and a.astype(native).tobytes() == b.tobytes()
        )
    if isinstance(a, list | tuple):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, dict):
        return same(list(a.items()), list(b.items()))
    if isinstance(a, float) and math.isnan(a):
        return math.isnan(b)
    return a == b


@given(VALUES)
def test_plain_data_comes_over_as_it_is(value):
    assert same(value, plain.unpack(plain.pack(value)))


class Liar:
    def __eq__(self, other):
        return True

    __hash__ = None


class LongList(list):
    pass


def nested(depth: int):
    return [] if depth == 0 else [nested(depth - 1)]


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (Liar(), "Liar"),
        ([1, {"a": Liar()}], "Liar"),
        (LongList(), "LongList"),
        (np.ones(3).view(np.matrix), "matrix"),
        (np.ma.masked_array([1]), "MaskedArray"),
        (np.array([None]), "array of object"),
        (np.array(["a"]), "array of <U1"),
        (np.complex128(1), "complex128"),
        (1j, "complex"),
        ({1, 2}, "set"),
        ((n for n in ()), "generator"),
        (math.sin, "builtin_function_or_method"),
        (nested(30), "pile of lists within lists"),
        (10**10**4, "int with thousands of digits"),
        ("x" * 10**7, "very long str"),
        (np.zeros(10**8, np.int8), "array of shape (100000000,), too large to be looked at"),
        ([np.zeros(400_000)] * 3, "data of more than 8 MB"),
    ],
    ids=lambda value: value[:20] if isinstance(value, str) else "",
)
def test_what_is_not_plain_is_refused_by_its_name(value, kind):
    with pytest.raises(plain.NotPlain, match=f"^{kind.replace('(', '[(]').replace(')', '[)]')}$"):
        plain.pack(value)


TEXTS = st.one_of(
    st.text(max_size=20),
    st.recursive(
        st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5),
                  st.sampled_from(["list", "dict", "array", "scalar", "<f8", "O", "<U1", "AAAA"])),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner),
    ).map(json.dumps),
)  # fmt: skip


@given(TEXTS)
def test_no_text_does_harm(text):
    try:
        value = plain.unpack(text)
    except plain.NotPlain:
        return
    assert same(value, plain.unpack(plain.pack(value)))


@pytest.mark.parametrize(
    "text",
    [
        "[" * 10**6,
        "9" * 10**5,
        '["array", "<f8", [1000000000], ""]',
        '["array", "<f8", [-1, -1], "AAAAAAAAAAA="]',
        '["array", "<f8", [0, 1e9], ""]',
        '["array", "O", [1], "AAAAAAAAAAA="]',
        '["array", "f8,f8", [0], ""]',
        '["dict", [[["list", []], 1]]]',
        '["__class__", "x"]',
        None,
        3,
        {},
    ],
    ids=lambda text: str(text)[:20],
)
def test_texts_that_mean_nothing_are_refused(text):
    with pytest.raises(plain.NotPlain):
        plain.unpack(text)


# -- outputs --------------------------------------------------------------------------------------


def test_text_is_cut_as_it_comes_and_errors_are_still_shown():
    kept = outputs.Outputs()
    for _ in range(10_000):
        kept.add("stream", {"name": "stdout", "text": "x" * 999})
    kept.add("error", {"ename": "ValueError", "evalue": "why", "traceback": ["line"] * 500})
    stream, error = kept.kept
    assert stream["text"].endswith("too long.]\n") and len(stream["text"]) < 11_000
    assert error["evalue"] == "why" and len(error["traceback"]) <= 31


def test_what_a_browser_would_run_is_not_kept():
    kept = outputs.Outputs()
    bundle = {"text/html": "<script>", "image/svg+xml": "<svg>", "application/javascript": "x",
              "text/latex": "$x$", "text/plain": "seen", "image/png": "iVBORw0KGgo="}  # fmt: skip
    kept.add("display_data", {"data": bundle, "metadata": {"a": "b"}})
    kept.add("display_data", {"data": {"image/png": "'><script>"}})
    assert [output["data"] for output in kept.kept] == [
        {"text/plain": "seen", "image/png": "iVBORw0KGgo="},
        {"text/plain": ""},
    ]


def test_pictures_are_kept_up_to_a_size():
    kept = outputs.Outputs()
    for _ in range(3):
        kept.add("display_data", {"data": {"image/png": "A" * 120_000}})
    assert ["image/png" in output["data"] for output in kept.kept] == [True, True, False]
    assert "too large" in kept.kept[2]["data"]["text/plain"]


ANYTHING = st.recursive(
    st.one_of(st.none(), st.integers(), st.floats(), st.text(st.characters(exclude_categories=[]))),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["name", "text", "data", "text/plain", "image/png", "ename", "traceback"]
            ),
            inner,
        )
    ),
)
KINDS = st.sampled_from(["stream", "display_data", "execute_result", "error", "clear_output", 3])


@given(st.lists(st.tuples(KINDS, ANYTHING)))
def test_whatever_a_kernel_sends_makes_a_notebook(messages):
    kept = outputs.Outputs()
    for kind, content in messages:
        kept.add(kind, content)
    cell = new_code_cell()
    cell.outputs = nbformat.from_dict(kept.kept)
    notebook = new_notebook(cells=[cell])
    nbformat.validate(notebook)
    nbformat.writes(notebook).encode("utf-8")


# -- rebuilt submissions --------------------------------------------------------------------------


def named(cell, name: str, **kind):
    kind = {"grade": False, "solution": False, "locked": False} | kind
    cell.metadata = nbformat.from_dict({"nbgrader": {"grade_id": name, "schema_version": 3} | kind})
    return cell


SKELETON = Skeleton(
    new_notebook(
        cells=[
            new_markdown_cell("text"),
            named(new_code_cell("import numpy as np"), "imports", locked=True),
            named(new_code_cell("# YOUR CODE"), "one", solution=True),
            named(new_code_cell("assert one\n# hidden"), "one-test", grade=True, points=1),
            new_markdown_cell("text"),
            named(new_markdown_cell("ANSWER\nrubric"), "why", solution=True, grade=True, points=1),
        ]
    ),
    released=["text", "import numpy as np", "# YOUR CODE", "assert one", "text", "ANSWER"],
)


def rebuilt(*cells):
    notebook = rebuild.rebuild(SKELETON, rebuild.read_parts(new_notebook(cells=list(cells))))
    nbformat.validate(notebook)
    return [cell.source for cell in notebook.cells]


ASSIGNMENT = [cell.source for cell in SKELETON.notebook.cells]


def code(source: str, name: str | None = None):
    return named(new_code_cell(source), name) if name else new_code_cell(source)


def test_nothing_handed_in_is_the_assignment():
    assert rebuilt() == ASSIGNMENT


def test_the_release_itself_is_no_answer():
    release = [nbformat.from_dict(json.loads(json.dumps(c))) for c in SKELETON.notebook.cells]
    for cell, source in zip(release, SKELETON.released, strict=True):
        cell.source = source
    assert rebuilt(*release) == ASSIGNMENT


def test_answers_go_to_their_cells_wherever_they_were_and_of_duplicates_the_last():
    sources = rebuilt(code("why?", "why"), code("one = 0", "one"), code("one = 1", "one"))
    assert sources == [*ASSIGNMENT[:2], "one = 1", *ASSIGNMENT[3:5], "why?", "one = 0"]


def test_own_cells_stay_where_they_were():
    sources = rebuilt(
        code("first"),
        new_markdown_cell("text"),
        code("import numpy as np", "imports"),
        code("after imports"),
        code("one = 1", "one"),
        code("after one"),
        code("pass", "one-test"),
        code("after the test"),
        new_markdown_cell("text"),
        code("after the second text"),
    )
    assert sources == [
        "first", "text", "import numpy as np", "after imports", "one = 1", "after one",
        "assert one\n# hidden", "after the test", "text", "after the second text", "ANSWER\nrubric",
    ]  # fmt: skip


def test_no_cell_is_a_test_but_the_assignments():
    parts = rebuild.read_parts(new_notebook(cells=[code("own"), code("x", "another-test")]))
    notebook = rebuild.rebuild(SKELETON, parts)
    kinds = [cell.metadata for cell in notebook.cells if cell.source in ("own", "x")]
    assert kinds == [{}, {}]


def test_huge_cells_and_thousands_of_them_are_left_out():
    sources = rebuilt(code("x" * 10**6, "one"), *(code(f"n = {n}") for n in range(1000)))
    assert sources[2].startswith("# What was here has been left out")
    assert len(sources) < 320
    assert rebuild.TOO_MANY in sources
    assert sum(map(len, rebuilt(*(code(f"{n}" * 90_000) for n in range(99))))) < 10**6


def test_pictures_in_an_answer_are_kept():
    cell = named(new_markdown_cell("![see](attachment:a.png)"), "why")
    cell.attachments = {"a.png": {"image/png": "iVBORw0KGgo="}, "b.svg": {"image/svg+xml": "<svg>"}}
    parts = rebuild.read_parts(new_notebook(cells=[cell]))
    assert rebuild.rebuild(SKELETON, parts).cells[-1].attachments.keys() == {"a.png"}


CELLS = st.fixed_dictionaries(
    {},
    optional={
        "cell_type": st.sampled_from(["code", "markdown", "raw", "video", 3, None]),
        "source": ANYTHING | st.sampled_from(["x", "one = 1", "text"]),
        "metadata": ANYTHING
        | st.fixed_dictionaries(
            {"nbgrader": ANYTHING | st.fixed_dictionaries({"grade_id": st.sampled_from(
                ["one", "one-test", "why", "other", 3, None, []])})}
        ),
        "attachments": ANYTHING,
        "id": ANYTHING,
    },
)  # fmt: skip


@given(st.lists(CELLS | ANYTHING, max_size=6) | ANYTHING)
def test_whatever_is_handed_in_the_assignment_is_whole(cells):
    notebook = rebuild.rebuild(SKELETON, rebuild.read_parts({"cells": cells}))
    nbformat.validate(notebook)
    nbformat.writes(notebook).encode("utf-8")
    known = [cell for cell in notebook.cells if cell.metadata]
    wanted = [cell for cell in SKELETON.notebook.cells if cell.metadata]
    assert [cell.metadata for cell in known] == [cell.metadata for cell in wanted]
    for own, whole in zip(known, wanted, strict=True):
        assert own.cell_type == whole.cell_type
        assert own.source == whole.source or whole.metadata.nbgrader.solution


# -- pages, settings ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("a\n### BEGIN HIDDEN TESTS\nb\n### END HIDDEN TESTS\nc", "a\n# Hidden tests ran here.\nc"),
        ("### BEGIN HIDDEN TESTS\nb", "# Hidden tests ran here."),
        ("a\n=== BEGIN MARK SCHEME ===\nb\n=== END MARK SCHEME ===", "a\n"),
        ("nothing hidden", "nothing hidden"),
    ],
)
def test_feedback_hides_what_is_not_for_students(source, shown):
    cell, _ = pages.HideFromStudents().preprocess_cell(new_code_cell(source), {}, 0)
    assert cell.source == shown


KERNEL = {"name": "python3", "display_name": "Python 3", "language": "python"}


def test_a_released_notebook_has_no_metadata_of_the_teachers():
    notebook = new_notebook(
        cells=[new_code_cell(metadata={"tags": ["a"], "nbgrader": {}, "execution": {"a": "b"}})],
        metadata={"widgets": {"state": "the solution"}, "kernelspec": KERNEL},
    )
    clean, _ = pages.CleanRelease().preprocess(notebook, {})
    assert clean.metadata == {"kernelspec": KERNEL}
    assert clean.cells[0].metadata == {"tags": ["a"], "nbgrader": {}}


@pytest.mark.parametrize(
    ("source", "given"),
    [
        (
            "size = None  # a number\n### BEGIN SOLUTION\nsize = 3\n### END SOLUTION",
            "size = None  # a number",
        ),
        (
            "def double(n):\n    ### BEGIN SOLUTION\n    return 2 * n\n    ### END SOLUTION",
            "def double(n):\n    # YOUR CODE HERE\n    raise NotImplementedError()",
        ),
    ],
)
def test_a_function_is_given_out_with_a_stub_and_a_value_without(source, given):
    kind = {"grade": False, "solution": True, "locked": False, "grade_id": "a"}
    cell = new_code_cell(source, metadata={"nbgrader": kind})
    notebook = new_notebook(cells=[cell], metadata={"kernelspec": KERNEL})
    cleared, _ = pages.ClearSolutions().preprocess(notebook, {})
    assert cleared.cells[0].source == given


def read_settings(**environment: str) -> dict:
    program = """
import json
from traitlets.config.loader import PyFileConfigLoader
print(PyFileConfigLoader("nbgrader_config.py").load_config().CourseDirectory.db_url)"""
    outcome = subprocess.run(
        [sys.executable, "-c", program],
        cwd=COURSE,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return outcome.stdout.strip()


def test_the_gradebook_is_where_the_environment_says():
    address = "postgresql+psycopg://maria:secret@localhost/grades"
    assert read_settings(PATH="", CONVVIZ_GRADEBOOK=address) == address
    assert read_settings(PATH="") == f"sqlite:///{COURSE}/gradebook.db"


def test_the_course_is_hidden_even_within_what_is_shown(tmp_path, monkeypatch):
    course = tmp_path / "environment" / "course"
    (course / "source").mkdir(parents=True)
    monkeypatch.setattr(sys, "prefix", str(tmp_path / "environment"))
    words = walls.command([3, 4, 5, 6], walls.Limits(), course, confined=True)
    shown, hidden = words.index(str(tmp_path / "environment")), words.index(str(course))
    assert words[shown - 1] == "--ro-bind" and words[hidden - 1] == "--tmpfs" and shown < hidden
