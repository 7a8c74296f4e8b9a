"""What a class gets: notebooks brought up to date without the loss of any work, sandboxes that keep
students apart, and the page for teachers. The hub itself is in browser/test_hub.py."""

import importlib.util
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import convviz
from tests.lacking import lacks

CLASSROOM = Path(__file__).parent.parent / "classroom"
PAGE = (CLASSROOM / "README.md").read_text(encoding="utf-8")


def load(name: str):
    specification = importlib.util.spec_from_file_location(name, CLASSROOM / f"{name}.py")
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


lessons = load("lessons")
sandbox = load("sandbox")


@pytest.fixture
def notebooks(tmp_path):
    folder = tmp_path / "notebooks"
    (folder / "images").mkdir(parents=True)
    (folder / "01.ipynb").write_text("lesson 1, first version")
    (folder / "02.ipynb").write_text("lesson 2, first version")
    (folder / "images" / "a.png").write_bytes(b"\x89PNG")
    (folder / ".ipynb_checkpoints").mkdir()
    (folder / ".ipynb_checkpoints" / "01.ipynb").write_text("a checkpoint")
    return folder


@pytest.fixture
def home(tmp_path, notebooks):
    folder = tmp_path / "ann"
    lessons.update(notebooks, folder)
    return folder


def contents(home: Path) -> dict[str, bytes]:
    return {
        path.relative_to(home).as_posix(): path.read_bytes()
        for path in home.rglob("*")
        if path.is_file() and path.name != lessons.RECORD
    }


def test_the_first_time_everything_is_copied(home):
    assert contents(home) == {
        "01.ipynb": b"lesson 1, first version",
        "02.ipynb": b"lesson 2, first version",
        "images/a.png": b"\x89PNG",
    }


def test_an_untouched_file_becomes_the_new_version(home, notebooks):
    (notebooks / "01.ipynb").write_text("lesson 1, second version")
    lessons.update(notebooks, home)
    assert contents(home).keys() == {"01.ipynb", "02.ipynb", "images/a.png"}
    assert (home / "01.ipynb").read_text() == "lesson 1, second version"


def test_work_stays_and_the_new_version_comes_beside_it(home, notebooks):
    (home / "01.ipynb").write_text("ann's work")
    lessons.update(notebooks, home)
    assert len(contents(home)) == 3  # nothing new, nothing beside it
    for version in ("second", "third"):
        (notebooks / "01.ipynb").write_text(f"lesson 1, {version} version")
        for _ in range(2):
            lessons.update(notebooks, home)
        assert (home / "01.ipynb").read_text() == "ann's work"
        assert (home / "01 (new version).ipynb").read_text() == f"lesson 1, {version} version"
        assert len(contents(home)) == 4
    (home / "01 (new version).ipynb").write_text("more of ann's work")
    (notebooks / "01.ipynb").write_text("lesson 1, fourth version")
    lessons.update(notebooks, home)
    assert (home / "01 (new version).ipynb").read_text() == "more of ann's work"
    assert (home / "01 (new version 2).ipynb").read_text() == "lesson 1, fourth version"


def test_a_new_version_that_was_deleted_stays_away(home, notebooks):
    (home / "01.ipynb").write_text("ann's work")
    (notebooks / "01.ipynb").write_text("lesson 1, second version")
    lessons.update(notebooks, home)
    (home / "01 (new version).ipynb").unlink()
    lessons.update(notebooks, home)
    assert not (home / "01 (new version).ipynb").exists()


def test_a_lesson_that_was_deleted_or_renamed_comes_back(home, notebooks):
    (home / "01.ipynb").rename(home / "mine.ipynb")
    lessons.update(notebooks, home)
    assert (home / "01.ipynb").read_text() == "lesson 1, first version"
    assert (home / "mine.ipynb").exists()


def test_a_file_of_the_students_own_is_not_taken_for_a_lesson(home, notebooks):
    (home / "03.ipynb").write_text("ann's own")
    (notebooks / "03.ipynb").write_text("lesson 3")
    lessons.update(notebooks, home)
    assert (home / "03.ipynb").read_text() == "ann's own"
    assert (home / "03 (new version).ipynb").read_text() == "lesson 3"


@pytest.mark.parametrize("record", ["", "{", "[1]", "3", '{"01.ipynb": 3}', b"\xff"])
def test_a_spoilt_record_loses_nothing(home, notebooks, record):
    (home / lessons.RECORD).write_bytes(record if isinstance(record, bytes) else record.encode())
    (home / "01.ipynb").write_text("ann's work")
    lessons.update(notebooks, home)
    assert (home / "01.ipynb").read_text() == "ann's work"
    assert isinstance(json.loads((home / lessons.RECORD).read_text()), dict)


def test_a_folder_in_the_place_of_a_lesson_is_left_alone(home, notebooks):
    (home / "01.ipynb").unlink()
    (home / "01.ipynb").mkdir()
    lessons.update(notebooks, home)
    assert (home / "01.ipynb").is_dir()
    assert (home / "02.ipynb").read_text() == "lesson 2, first version"


@given(
    steps=st.lists(
        st.tuples(
            st.sampled_from(["teacher", "student"]),
            st.sampled_from(["01.ipynb", "01 (new version).ipynb"]),
        ),
        max_size=8,
    )
)
@settings(deadline=None)
def test_nothing_that_a_student_wrote_is_ever_lost(tmp_path_factory, steps):
    folder = tmp_path_factory.mktemp("case")
    notebooks, home = folder / "notebooks", folder / "ann"
    notebooks.mkdir()
    home.mkdir()
    written = {}
    for number, (who, name) in enumerate(steps):
        if who == "teacher":
            (notebooks / "01.ipynb").write_text(f"version {number}")
        else:
            (home / name).write_text(f"work {number}")
            written[name] = f"work {number}"
        lessons.update(notebooks, home)
        for mine, work in written.items():
            assert (home / mine).read_text() == work
        if who == "teacher":
            assert f"version {number}".encode() in contents(home).values()


def test_the_program_updates_and_then_becomes_the_command(tmp_path, notebooks):
    home = tmp_path / "ben"
    handouts = tmp_path / "handouts"
    (handouts / "sizes").mkdir(parents=True)
    (handouts / "sizes" / "sizes.ipynb").write_text("an assignment")
    program = [sys.executable, CLASSROOM / "lessons.py", home, notebooks, handouts, "--"]
    outcome = subprocess.run(
        [*program, "printf", "%s|", "two words", ""], capture_output=True, text=True, check=True
    )
    assert outcome.stdout == "two words||"
    assert (home / "01.ipynb").exists()
    assert (home / "sizes" / "sizes.ipynb").read_text() == "an assignment"


def test_no_handouts_are_none(tmp_path, notebooks):
    home = tmp_path / "ben"
    folders = [home, notebooks, tmp_path / "handouts"]
    subprocess.run([sys.executable, CLASSROOM / "lessons.py", *folders, "--", "true"], check=True)
    assert contents(home).keys() == {"01.ipynb", "02.ipynb", "images/a.png"}


@pytest.fixture
def profile(tmp_path, monkeypatch):
    """A quiet profile, wherever the environment has its own."""
    folder = tmp_path / "profile"
    (folder / "profile_default").mkdir(parents=True)
    (folder / "profile_default" / "ipython_kernel_config.json").write_text("{}")
    (folder / "history.sqlite").write_text("not part of it")
    monkeypatch.setattr(sandbox, "PROFILE", folder)
    return folder


@pytest.fixture
def in_sandbox(tmp_path, profile, monkeypatch):
    """Run a Python program in the sandbox of ann, whose class lies within what all may read."""
    if shutil.which("bwrap") is None:
        lacks("no bwrap for the sandboxes: apt-get install bubblewrap", systems=("linux",))
    monkeypatch.setattr(sandbox, "NOTEBOOKS", tmp_path)
    for student in ("ann", "ben"):
        (tmp_path / "class" / "students" / student).mkdir(parents=True)
    (tmp_path / "class" / "passwords").write_text("secret")
    handouts = tmp_path / "class" / "handouts"
    handouts.mkdir()
    (handouts / "sizes.ipynb").write_text("an assignment")

    def run(program: str, memory: int = 10**9) -> str:
        home = tmp_path / "class" / "students" / "ann"
        command = [sys.executable, "-c", program]
        command = sandbox.confine(command, home, tmp_path / "class", handouts, memory)
        outcome = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
        return outcome.stdout.strip()

    return run


def test_a_student_sees_their_own_folder_and_no_other(in_sandbox, tmp_path):
    shown = in_sandbox(
        "import os; print(*(f'{place}: {sorted(names)} {files}' for place, names, files"
        f" in sorted(os.walk({str(tmp_path / 'class')!r}))), sep='\\n')"
    )
    assert shown.splitlines() == [
        f"{tmp_path / 'class'}: ['handouts', 'students'] []",
        f"{tmp_path / 'class' / 'handouts'}: [] ['sizes.ipynb']",
        f"{tmp_path / 'class' / 'students'}: ['ann'] []",
        f"{tmp_path / 'class' / 'students' / 'ann'}: [] []",
    ]


def test_a_student_can_write_only_there(in_sandbox, tmp_path):
    program = """
import pathlib, sys, tempfile
for folder in (".", tempfile.gettempdir(), {notebooks!r}, {package!r}, sys.prefix, "/usr"):
    try:
        pathlib.Path(folder, "written").write_text("by ann")
        print("yes", end=" ")
    except OSError:
        print("no", end=" ")
"""
    program = program.format(notebooks=str(tmp_path), package=convviz.__path__[0])
    assert in_sandbox(program) == "yes yes no no no no"
    assert (tmp_path / "class" / "students" / "ann" / "written").read_text() == "by ann"


def test_a_student_is_alone_and_not_root(in_sandbox):
    shown = in_sandbox("import os; print(os.getuid(), *filter(str.isdigit, os.listdir('/proc')))")
    user, *processes = shown.split()
    assert user == "1000"
    assert processes == ["1", "2"]  # bwrap, and Python


def test_too_much_memory_is_an_error_in_the_program(in_sandbox):
    program = """
try:
    bytearray(300 * 10**6)
    print("there was enough")
except MemoryError:
    print("MemoryError")
"""
    assert in_sandbox(program, memory=200 * 10**6) == "MemoryError"
    assert in_sandbox(program, memory=10**9) == "there was enough"


def test_the_quiet_profile_is_there_and_its_folder_can_be_written_in(in_sandbox, profile):
    assert (
        in_sandbox(
            f"import os; os.chdir({str(profile)!r}); open('profile_default/new', 'w');"
            "print(sorted(os.listdir()), sorted(os.listdir('profile_default')))"
        )
        == "['profile_default'] ['ipython_kernel_config.json', 'new']"
    )
    assert not (profile / "profile_default" / "new").exists()


def test_a_machine_without_sandboxes_is_told(tmp_path, profile, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(sandbox.SandboxError, match="bwrap is missing: apt-get install bubblewrap"):
        sandbox.check()
    for name in ("bwrap", "prlimit"):
        (tmp_path / name).write_text("#!/bin/sh\necho 'bwrap: Permission denied' >&2\nexit 1\n")
        (tmp_path / name).chmod(0o755)
    with pytest.raises(sandbox.SandboxError, match="no sandbox: bwrap: Permission denied"):
        sandbox.check()
    shutil.rmtree(profile)
    with pytest.raises(sandbox.SandboxError, match=r"python -m tests\.kernel_environment"):
        sandbox.check()


def test_the_python_lines_of_the_page_run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    names = {}
    for code in re.findall(r"```python\n(.*?)```", PAGE, flags=re.DOTALL):
        exec(code, names)
    assert (tmp_path / "walk.gif").read_bytes().startswith(b"GIF89a")
    page = (tmp_path / "stride.html").read_text(encoding="utf-8")
    assert "_esm" in page  # the picture's own script, without which it would be empty
    for line in re.findall(r"`(explorer\.\w+ = .*?)`", PAGE):
        exec(line, names)


@pytest.mark.parametrize("link", re.findall(r"\]\((?!http)([^)]+)\)", PAGE))
def test_links_of_the_page_lead_somewhere(link):
    path, _, fragment = link.partition("#")
    target = CLASSROOM / path if path else CLASSROOM / "README.md"
    assert target.exists()
    if fragment:
        headings = re.findall(r"^#+ (.*)$", target.read_text(encoding="utf-8"), flags=re.MULTILINE)
        assert fragment in {heading.lower().replace(" ", "-") for heading in headings}
