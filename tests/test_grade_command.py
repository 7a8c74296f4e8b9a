"""The grade command: whatever is handed in, and whenever it is broken off, every submission ends in
a mark or a clear line, and nothing is lost."""

import copy
import csv
import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import time
import zipfile
from contextlib import closing
from pathlib import Path

import psutil
import pytest

from tests import tiny_course
from tests.tiny_course import (
    NAME,
    RIGHT,
    SOURCE,
    WRONG,
    command,
    environment,
    grade,
    hand_in,
    make_course,
    nbgrader,
    submission,
)

# isort: split
# tests.tiny_course has put assignments/ on the path, and ends this file on Windows, which lacks:
import pty
import termios

from grading.collecting import collect
from grading.course import CourseError, open_course
from grading.files import Refused
from grading.marks import Line, Marks, write_marks
from grading.names import one_line, student_name
from grading.notebooks import read_notebook

MEGABYTE = 10**6


@pytest.fixture(scope="module")
def released(tmp_path_factory):
    """A course with a gradebook and its assignment released, to be copied."""
    course = make_course(tmp_path_factory.mktemp("released") / "course")
    assert grade(course).returncode == 0
    return course


@pytest.fixture
def course(released, tmp_path):
    return shutil.copytree(released, tmp_path / "course")


def read_csv(course: Path) -> dict[tuple[str, str], dict[str, str]]:
    with (course / "marks.csv").open(encoding="utf-8-sig", newline="") as file:
        return {(row["student"], row["assignment"]): row for row in csv.DictReader(file)}


def line_of(outcome: subprocess.CompletedProcess, student: str) -> str:
    (line,) = [line for line in outcome.stdout.splitlines() if line.startswith(f"{student}  ")]
    return re.sub(r"  \d+\.\d s$", "", line)


def gradebook(course: Path, name: str = "gradebook.db"):
    return closing(sqlite3.connect(course / name, timeout=30))


# -- a class with everything in it ----------------------------------------------------------------

BROKEN = {
    "empty": (b"", "not a notebook: the file is empty"),
    "picture": (b"\x89PNG\r\n\x1a\n\0\0", "not a notebook: a PNG picture"),
    "cut": (submission()[:300], "not a notebook: JSON that breaks off in line 1"),
    "list": (b"[1, 2]", "not a notebook: JSON of another kind"),
    "geojson": (b'{"type": "Point"}', "not a notebook: JSON of another kind"),
    "latin": ('{"nbformat": "é"}'.encode("latin-1"), "not a notebook: not text in UTF-8"),
    "old": (
        b'{"nbformat": 3, "worksheets": []}',
        "a notebook of format 3, and format 4 is wanted: open it in JupyterLab and save it there",
    ),
    "bare": (b'{"nbformat": 4, "cells": []}', "a notebook without cells"),
    "long": (
        json.dumps({"nbformat": 4, "cells": [{"cell_type": "raw"}] * 100_000}).encode(),
        "a notebook of 100,000 cells; 2,000 are graded at most",
    ),
    "deep": (b"[" * 100_000, "not a notebook: JSON that no notebook has"),
    "cells": (
        b'{"nbformat": 4, "cells": [3]}',
        "a broken notebook: its cell 1 is of no known kind",
    ),
    "other": (
        b'{"nbformat": 4, "cells": [{"cell_type": "code", "source": "1"}]}',
        f"another notebook: none of the cells of {NAME} is in it",
    ),
}

DIES = submission("import os\nos.kill(os.getpid(), 9)")
HANGS = submission("import time\ntime.sleep(1000)")


@pytest.fixture(scope="module")
def class_run(released, tmp_path_factory):
    course = shutil.copytree(released, tmp_path_factory.mktemp("class") / "course")
    hand_in(course, "ann", submission())
    hand_in(course, "ben", submission(WRONG))
    hand_in(course, "blank", submission("pass", why="YOUR ANSWER HERE"))
    hand_in(course, "dies", DIES)
    hand_in(course, "hangs", HANGS)
    for name, (data, _) in BROKEN.items():
        hand_in(course, name, data)
    hand_in(course, "large", b" " * (20 * MEGABYTE + 1))
    place = hand_in(course, "link", b"")
    place.unlink()
    place.symlink_to(course / "source" / NAME / f"{NAME}.ipynb")
    place = hand_in(course, "pipe", b"")
    place.unlink()
    os.mkfifo(place)
    place = hand_in(course, "folder", b"")
    place.unlink()
    place.mkdir()
    place = hand_in(course, "named", submission())
    place.rename(place.with_name("mine.ipynb"))
    hand_in(course, "-cmd", submission())
    (course / "submitted" / "elsewhere").symlink_to(course / "submitted" / "ann")
    return course, grade(course, "--seconds", 20)


@pytest.mark.parametrize(
    ("student", "sentence"),
    [
        ("ann", "5 of 8, 3 wait for marking by hand"),
        ("ben", "1 of 8, 3 wait for marking by hand"),
        ("blank", "0 of 8"),
        ("dies", "grading broke off: its worker died (SIGKILL)"),
        ("hangs", "grading broke off: not done in time; it was stopped"),
        *((name, sentence) for name, (_, sentence) in BROKEN.items()),
        ("large", "too large: more than 20 MB"),
        ("link", "a link, and links are not followed"),
        ("pipe", "a pipe, not a file"),
        ("folder", "a folder, not a file"),
        ("named", f"there is no {NAME}.ipynb, but mine.ipynb"),
        (
            "-cmd",
            "not a student's name: letters, digits, spaces and . _ - @ ' are allowed, 100 at most, "
            "a letter or digit first",
        ),
    ],
)
def test_every_submission_ends_in_a_mark_or_a_clear_line(class_run, student, sentence):
    _, outcome = class_run
    assert line_of(outcome, student) == f"{student}  {NAME}  {sentence}"


def test_what_was_no_fault_of_students_shows_in_the_exit_code(class_run):
    course, outcome = class_run
    assert outcome.returncode == 1
    assert outcome.stderr == ""
    assert "submitted/elsewhere: no student's folder; it was passed over" in outcome.stdout
    assert "3 of 23 submissions have marks; 2 of these wait" in outcome.stdout
    assert f"{course}/marks.csv" in outcome.stdout


def test_no_bar_where_there_is_no_terminal(class_run):
    _, outcome = class_run
    assert "\r" not in outcome.stdout and "\x1b" not in outcome.stdout


def test_marks_as_csv(class_run):
    course, _ = class_run
    rows = read_csv(course)
    assert len(rows) == 23
    assert rows["ben", NAME] == {
        "student": "ben",
        "assignment": NAME,
        "status": "waits for marking by hand",
        "score": "1",
        "maximum": "8",
        "penalty": "0",
        "waiting": "double-why",
        f"{NAME}/double-values": "0",
        f"{NAME}/double-zero": "1",
        f"{NAME}/double-why": "0",
    }
    assert rows["blank", NAME]["status"] == "graded"
    for name, (_, sentence) in BROKEN.items():
        assert (rows[name, NAME]["status"], rows[name, NAME]["score"]) == (sentence, "")
    assert rows["'-cmd", NAME]["status"].startswith("not a student's name")


def test_the_next_run_does_what_is_missing(class_run):
    """Runs in the class after the tests above; with the troublemakers mended, all is well."""
    course, _ = class_run
    hand_in(course, "dies", submission())
    hand_in(course, "hangs", submission(WRONG))
    before = {path: path.stat().st_mtime_ns for path in course.glob("autograded/*/*/*")}
    outcome = grade(course)
    assert outcome.returncode == 0
    assert line_of(outcome, "dies").endswith("5 of 8, 3 wait for marking by hand")
    assert line_of(outcome, "hangs").endswith("1 of 8, 3 wait for marking by hand")
    assert not re.search("^ann  ", outcome.stdout, re.MULTILINE)
    assert all(path.stat().st_mtime_ns == time for path, time in before.items())
    assert read_csv(course)["ann", NAME]["score"] == "5"


def test_feedback_is_a_page_without_scripts_of_students(course):
    hand_in(course, "ann", submission(why="<script>alert('ann')</script>\n\nThat is **why**."))
    assert grade(course).returncode == 0
    page = (course / "feedback" / "ann" / NAME / f"{NAME}.html").read_text(encoding="utf-8")
    assert "<strong>why</strong>" in page
    assert "<script>alert" not in page
    assert "5.0" in page and "8.0" in page


# -- collecting -----------------------------------------------------------------------------------


def collected(course: Path, place: Path, *names: str) -> list[tuple[str, str]]:
    return list(collect(open_course(course), place, list(names or [NAME]), MEGABYTE))


def submitted(course: Path) -> dict[str, bytes]:
    return {
        f"{path.parts[-3]}/{path.parts[-2]}": path.read_bytes()
        for path in sorted((course / "submitted").glob("*/*/*.ipynb"))
    }


def test_a_file_for_each_student(course, tmp_path):
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    for name in ("ann", "Jürgen Groß", "海"):
        (inbox / f"{name}.ipynb").write_bytes(name.encode())
    (inbox / "notes.txt").write_text("")
    assert collected(course, inbox) == [("new", "")] * 3
    assert submitted(course) == {
        f"{name}/{NAME}": name.encode() for name in ("Jürgen Groß", "ann", "海")
    }


def test_a_folder_for_each_student_and_what_lies_in_it(course, tmp_path):
    homes = tmp_path / "homes"
    for path in [
        f"ann/{NAME}.ipynb",
        "ann/01-lesson.ipynb",
        f"ann/.ipynb_checkpoints/{NAME}.ipynb",
        f"ben/week 2/mine/{NAME}.ipynb",
        f"cid/a/{NAME}.ipynb",
        f"cid/b/{NAME}.ipynb",
        f"dan/{NAME}.ipynb",
        f"dan/old/{NAME}.ipynb",
        f"{NAME}.ipynb",
    ]:
        (homes / path).parent.mkdir(parents=True, exist_ok=True)
        (homes / path).write_text(path)
    told = collected(course, homes)
    assert submitted(course) == {
        f"ann/{NAME}": f"ann/{NAME}.ipynb".encode(),
        f"ben/{NAME}": f"ben/week 2/mine/{NAME}.ipynb".encode(),
        f"dan/{NAME}": f"dan/{NAME}.ipynb".encode(),
    }
    sentences = [sentence for _, sentence in told if sentence]
    assert sentences == [
        f"{NAME}.ipynb: whose is it? It bears the name of the assignment, and no student's",
        f"cid  {NAME}: there more than once (cid/a/{NAME}.ipynb, cid/b/{NAME}.ipynb), so none was "
        "collected",
        f"dan  {NAME}: there more than once (dan/{NAME}.ipynb, dan/old/{NAME}.ipynb); the first "
        "was collected",
    ]


def test_links_pipes_folders_and_large_files_are_not_collected(course, tmp_path):
    homes = tmp_path / "homes"
    secret = tmp_path / "secret" / f"{NAME}.ipynb"
    secret.parent.mkdir()
    secret.write_text("secret")
    for name in ("link", "pipe", "folder", "large", "way", "..evil"):
        (homes / name).mkdir(parents=True)
    (homes / "link" / secret.name).symlink_to(secret)
    os.mkfifo(homes / "pipe" / secret.name)
    (homes / "folder" / secret.name).mkdir()
    (homes / "large" / secret.name).write_bytes(b" " * (MEGABYTE + 1))
    (homes / "way" / "to").symlink_to(secret.parent)
    (homes / "whole").symlink_to(secret.parent)
    told = collected(course, homes)
    assert not (course / "submitted").exists()
    assert sorted(told) == [
        ("", f"folder  {NAME}: a folder, not a file"),
        ("", f"large  {NAME}: too large: more than 1 MB"),
        ("", f"link  {NAME}: a link, and links are not followed"),
        ("", f"pipe  {NAME}: a pipe, not a file"),
    ]


def test_an_archive_of_a_learning_management_system(course, tmp_path):
    archive = tmp_path / "all.zip"
    link = zipfile.ZipInfo(f"link/{NAME}.ipynb")
    link.external_attr = 0o120777 << 16
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as opened:
        opened.writestr(f"Ann Example_1234_assignsubmission_file/{NAME}.ipynb", "Moodle's folder")
        opened.writestr(f"Ben Example_1235_assignsubmission_file_{NAME}.ipynb", "Moodle's file")
        opened.writestr(f"examplecid_LATE_77_88_{NAME}-1.ipynb", "Canvas's")
        opened.writestr(f"../{NAME}.ipynb", "out of the folder")
        opened.writestr(f"/etc/{NAME}.ipynb", "out of the folder")
        opened.writestr(f"bomb/{NAME}.ipynb", b"\0" * 50 * MEGABYTE)
        opened.writestr(f"__MACOSX/{NAME}.ipynb", "")
        opened.writestr(link, "/etc/passwd")
    told = collected(course, archive)
    assert submitted(course) == {
        f"Ann Example/{NAME}": b"Moodle's folder",
        f"Ben Example/{NAME}": b"Moodle's file",
        f"examplecid/{NAME}": b"Canvas's",
    }
    assert {sentence for _, sentence in told if sentence} == {
        f"bomb  {NAME}: too large: more than 1 MB",
        f"link  {NAME}: not a plain file",
    }
    assert sorted(path.name for path in tmp_path.iterdir()) == ["all.zip", "course"]


def test_several_assignments_need_folders(course, tmp_path):
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    (inbox / "ann.ipynb").write_bytes(submission())
    with pytest.raises(CourseError, match="name it"):
        collected(course, inbox, NAME, "halving")
    with pytest.raises(CourseError, match="neither a folder nor"):
        collected(course, tmp_path / "nowhere")


def test_a_later_submission_takes_the_place_of_the_former_which_is_kept(course, tmp_path):
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    versions = [b"first", b"second", b"second", b"first", b"third"]
    told = []
    for version in versions:
        (inbox / "ann.ipynb").write_bytes(version)
        told += collected(course, inbox)
    assert [what for what, _ in told] == ["new", "later", "same", "later", "later"]
    assert submitted(course) == {f"ann/{NAME}": b"third"}
    kept = {path.read_bytes() for path in (course / "earlier" / "ann" / NAME).glob("*/*.ipynb")}
    assert kept == {b"first", b"second"}


def test_the_time_of_the_file_is_the_time_of_the_submission(course, tmp_path):
    (tmp_path / "ann.ipynb").write_bytes(submission())
    os.utime(tmp_path / "ann.ipynb", (0, 10**9))
    collected(course, tmp_path)
    stamp = (course / "submitted" / "ann" / NAME / "timestamp.txt").read_text()
    assert stamp == "2001-09-09 01:46:40.000000 UTC"


@pytest.mark.parametrize(
    "name",
    ["", ".", "..", ".hidden", "-rf", "=1+1", "@home", "a/b", "a\\b", "a*", "a\n", "a ", "a."],
)
def test_what_is_no_student_s_name(name):
    with pytest.raises(Refused):
        student_name(name)


def test_names_that_look_alike_are_one():
    assert student_name("Zoe\u0308") == student_name("Zo\u00eb")


# -- reading and writing --------------------------------------------------------------------------


def test_what_counts_of_a_notebook():
    book = copy.deepcopy(SOURCE)
    book["metadata"] = {"widgets": "forged"}
    book["cells"][1] |= {"source": ["a = 1\n", "b = '\ud800'"], "outputs": [{"anything": 1}]}
    book["cells"][2]["metadata"]["nbgrader"] = ["forged"]
    read = read_notebook(b"\xef\xbb\xbf" + json.dumps(book).encode())
    assert read["metadata"] == {}
    assert read["cells"][1]["source"] == "a = 1\nb = '?'"
    assert read["cells"][1]["outputs"] == []
    assert read["cells"][2]["metadata"] == {}


def test_no_formula_gets_into_the_marks(tmp_path):
    lines = [Line(f"{start}cmd", "a", f"{start}1\n,\x1b[2Jx") for start in "=+-@\t\r"]
    write_marks(tmp_path / "marks.csv", lines, {"a": []})
    with (tmp_path / "marks.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 6
    for row in rows:
        assert row["student"][0] not in "=+-@\t\r"
        assert row["status"][0] not in "=+-@\t\r"
        assert "\x1b" not in row["status"]


def test_marks_are_written_whole_or_not_at_all(tmp_path):
    write_marks(
        tmp_path / "marks.csv", [Line("ann", "a", "graded", Marks({"x": 1.5}))], {"a": ["x"]}
    )
    before = (tmp_path / "marks.csv").read_bytes()
    with pytest.raises(ValueError, match="fields not in fieldnames"):
        write_marks(tmp_path / "marks.csv", [Line("ann", "a", "", Marks({"y": 1}))], {"a": ["x"]})
    assert (tmp_path / "marks.csv").read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["marks.csv"]


def test_other_people_s_words_stay_on_their_line():
    assert one_line("a\x1b[31mb\r\nc\u202ed", 20) == "a [31mb c d"


# -- broken off -----------------------------------------------------------------------------------


def slowly(code: str = RIGHT) -> bytes:
    return submission(f"import time\ntime.sleep(0.3)\n{code}")


@pytest.fixture
def slow_course(course):
    for number in range(8):
        hand_in(course, f"s{number}", slowly(RIGHT if number % 3 else WRONG))
    return course


def start(course: Path, *arguments: object) -> subprocess.Popen:
    return subprocess.Popen(
        command(course, *arguments),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=environment(),
        start_new_session=True,
    )


def read_lines(process: subprocess.Popen, count: int) -> list[str]:
    """The first lines of submissions."""
    lines = []
    while len(lines) < count:
        line = process.stdout.readline()
        assert line, "it ended too early"
        lines += [line] if line.startswith("s") else []
    return lines


def kin(process: subprocess.Popen) -> list[psutil.Process]:
    return psutil.Process(process.pid).children(recursive=True)


def wait_for_end(processes: list[psutil.Process]) -> list[psutil.Process]:
    return psutil.wait_procs(processes, timeout=20)[1]


def test_killed_again_and_again_it_ends_with_the_same_marks(slow_course, released, tmp_path):
    for lines, group in ((0, True), (1, False), (2, True)):
        process = start(slow_course, "--workers", 2)
        read_lines(process, lines)
        started = kin(process)
        if group:
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()  # the workers are left to notice
        process.communicate()
        assert wait_for_end(started) == []
        if (slow_course / "gradebook.db").exists():
            with gradebook(slow_course) as opened:
                assert opened.execute("pragma integrity_check").fetchall() == [("ok",)]
    outcome = grade(slow_course)
    assert outcome.returncode == 0
    assert 1 <= outcome.stdout.count(" of 8, ") <= 5, "what was done is not done again"
    marks = read_csv(slow_course)

    others = shutil.copytree(released, tmp_path / "others")
    (slow_course / "submitted").rename(others / "submitted")
    assert grade(others).returncode == 0
    assert read_csv(others) == marks


def test_ctrl_c_stops_at_once_and_says_how_to_go_on(slow_course):
    # It is still at this one when Ctrl-C comes, however long that takes.
    hand_in(slow_course, "s9", submission("import time\ntime.sleep(100)"))
    process = start(slow_course, "--workers", 2)
    read_lines(process, 1)
    second = grade(slow_course)
    assert second.returncode == 1
    assert second.stderr == "Nothing was graded: this course is being graded by another program\n"

    started = kin(process)
    os.killpg(process.pid, signal.SIGINT)
    rest, _ = process.communicate(timeout=60)
    assert process.returncode == 130
    assert len(started) >= 3
    assert wait_for_end(started) == []
    assert "Traceback" not in rest
    assert "Stopped. What was graded is kept. To go on with the rest:" in rest
    assert f"grade.py --course {slow_course}" in rest


def test_a_bar_in_a_terminal(slow_course):
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (24, 100))
    process = subprocess.Popen(
        command(slow_course), stdin=theirs, stdout=theirs, stderr=theirs, env=environment()
    )
    os.close(theirs)
    shown = b""
    while True:
        try:
            shown += os.read(ours, 4096)
        except OSError:  # the other end is closed
            break
    os.close(ours)
    assert process.wait() == 0
    assert b"8/8" in shown or b"7/8" in shown
    assert shown.count(b"wait for marking by hand") == 9


# -- the gradebook --------------------------------------------------------------------------------


def set_by_hand(course: Path, student: str, cell: str, score: float, comment: str = "") -> None:
    """What a teacher does in the formgrader."""
    with open_course(course).gradebook() as opened:
        mark = opened.find_grade(cell, NAME, NAME, student)
        mark.manual_score, mark.needs_manual_grade = score, False
        if comment:
            opened.find_comment(cell, NAME, NAME, student).manual_comment = comment
        opened.db.commit()


def test_marks_by_hand_stay_as_long_as_the_answer_does(course):
    for student in ("ann", "ben"):
        hand_in(course, student, submission(WRONG))
    grade(course)
    set_by_hand(course, "ann", "double-why", 2, "Say it in general.")
    set_by_hand(course, "ben", "double-why", 3)
    set_by_hand(course, "ben", "double-values", 2)

    outcome = grade(course)  # for the feedback alone
    assert line_of(outcome, "ann") == f"ann  {NAME}  3 of 8"
    page = (course / "feedback" / "ann" / NAME / f"{NAME}.html").read_text(encoding="utf-8")
    assert "Say it in general." in page
    assert " of 8" not in grade(course).stdout, "the feedback has been written"

    # Graded again as they are, both keep everything.
    outcome = grade(course, "--again")
    assert line_of(outcome, "ann") == f"ann  {NAME}  3 of 8"
    assert line_of(outcome, "ben") == f"ben  {NAME}  6 of 8"

    # The code is another, the answer in words is not.
    hand_in(course, "ann", submission(RIGHT))
    assert line_of(grade(course), "ann") == f"ann  {NAME}  7 of 8"
    # A mark of a test that was given by hand stands until the teacher has looked again.
    hand_in(course, "ben", submission(RIGHT))
    assert line_of(grade(course), "ben") == f"ben  {NAME}  6 of 8, 4 wait for marking by hand"
    # Another answer in words: the mark stays, and the teacher is asked to look again.
    hand_in(course, "ann", submission(RIGHT, why="For another reason."))
    outcome = grade(course)
    assert line_of(outcome, "ann") == f"ann  {NAME}  7 of 8, 3 wait for marking by hand"
    assert read_csv(course)["ann", NAME]["waiting"] == "double-why"


def test_what_is_half_there_does_not_count(course):
    hand_in(course, "ann", submission())
    hand_in(course, "ben", submission())
    hand_in(course, "cid", submission())
    hand_in(course, "dan", submission())
    grade(course)
    before = read_csv(course)
    graded = course / "autograded" / "ann" / NAME / f"{NAME}.ipynb"
    graded.chmod(0o644)
    graded.write_bytes(graded.read_bytes()[:100])
    with gradebook(course) as opened, opened:
        opened.execute("delete from convviz_graded where student = 'ben'")
    (course / "feedback" / "cid" / NAME / f"{NAME}.html").unlink()
    outcome = grade(course)
    assert outcome.stdout.count(" of 8") == 3
    assert not re.search("^dan  ", outcome.stdout, re.MULTILINE)
    assert read_csv(course) == before
    assert len(list(course.glob("feedback/*/*/*.html"))) == 4


def test_another_assignment_is_graded_anew(course):
    hand_in(course, "ann", submission())
    grade(course)
    source = copy.deepcopy(SOURCE)
    source["cells"][3]["source"] = "assert double(1) == 3, 'which is wrong'"
    tiny_course.write_source(course, source)
    outcome = grade(course)
    assert line_of(outcome, "ann") == f"ann  {NAME}  4 of 8, 3 wait for marking by hand"
    # With other cells, nbgrader refuses; that is said, and nothing is lost.
    marks = (course / "marks.csv").read_bytes()
    source["cells"][3]["metadata"]["nbgrader"]["grade_id"] = "renamed"
    tiny_course.write_source(course, source)
    outcome = grade(course)
    assert outcome.returncode == 1
    assert "Traceback" not in outcome.stderr
    assert f"nbgrader db assignment remove {NAME} --force" in outcome.stderr
    assert (course / "marks.csv").read_bytes() == marks
    tiny_course.write_source(course, SOURCE)
    assert line_of(grade(course), "ann") == f"ann  {NAME}  5 of 8, 3 wait for marking by hand"


def test_many_at_once_lose_no_mark_to_a_lock(course):
    """Six workers write into one SQLite file, while another program keeps it locked for longer
    than nbgrader itself would wait."""
    names = [f"s{number:02}" for number in range(24)]
    for number, name in enumerate(names):
        hand_in(course, name, submission(RIGHT if number % 2 else WRONG))
    process = start(course, "--workers", 6)
    read_lines(process, 2)
    with gradebook(course) as opened:
        opened.isolation_level = None
        opened.execute("begin exclusive")
        time.sleep(8)
        opened.execute("rollback")
    process.communicate(timeout=200)
    assert process.returncode == 0
    rows = read_csv(course)
    assert [rows[name, NAME]["score"] for name in names] == ["1", "5"] * 12


def test_the_plain_lines_of_nbgrader_work_beside_it(course):
    hand_in(course, "ann", submission())
    hand_in(course, "ben", submission(WRONG))
    grade(course)
    before = read_csv(course)
    for line in (
        ("generate_assignment", NAME, "--force"),
        ("autograde", NAME, "--force"),
        ("generate_feedback", NAME, "--force"),
        ("export", "--to", "grades.csv"),
    ):
        outcome = nbgrader(course, *line)
        assert outcome.returncode == 0, outcome.stderr
    with (course / "grades.csv").open() as file:
        scores = {row["student_id"]: row["score"] for row in csv.DictReader(file)}
    assert scores == {"ann": "5.0", "ben": "1.0"}
    assert grade(course).returncode == 0
    assert read_csv(course) == before


def test_what_was_asked_for_in_vain(course, tmp_path, monkeypatch):
    assert "there is no assignment halving; there are doubling" in grade(course, "halving").stderr
    assert "is no course" in grade(tmp_path).stderr
    assert "There is nothing to grade in submitted/ yet" in grade(course).stdout
    tiny_course.write_source(course, {"nbformat": 4, "cells": []}, "halving")
    assert "source/halving: a notebook without cells" in grade(course, NAME).stderr
    monkeypatch.setenv("CONVVIZ_GRADEBOOK", f"sqlite:///{tmp_path}/no/where.db")
    away = grade(course)
    assert away.returncode == 1
    assert "the gradebook can't be opened (CONVVIZ_GRADEBOOK)" in away.stderr
    assert "Traceback" not in away.stderr
