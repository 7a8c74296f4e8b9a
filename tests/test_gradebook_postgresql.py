"""The gradebook in PostgreSQL, with a real server of the test's own."""

import csv
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import psycopg
import pytest
from nbgrader.api import Gradebook

from tests.lacking import lacks
from tests.tiny_course import (
    NAME,
    RIGHT,
    WRONG,
    grade,
    hand_in,
    make_course,
    nbgrader,
    submission,
)

SETTING = "CONVVIZ_GRADEBOOK"


def find_programs() -> Path | None:
    """Where PostgreSQL's server is; Debian keeps it off PATH."""
    on_path = shutil.which("postgres")
    places = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))
    return Path(on_path).parent if on_path else places[-1].parent if places else None


def as_other_than_root(*words: str) -> list[str]:
    """The command as a user for whom PostgreSQL starts: it refuses to run as root."""
    return [*(("runuser", "-u", "postgres", "--") if os.geteuid() == 0 else ()), *words]


@pytest.fixture(scope="module")
def server():
    """The folder with the socket of a running server; nothing listens on the network."""
    programs = find_programs()
    if programs is None:
        lacks("no PostgreSQL server: apt-get install postgresql", systems=("linux",))
    # A short path: a socket's name has at most 107 characters.
    folder = Path(tempfile.mkdtemp(prefix="cv-pg-", dir="/tmp"))
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
    data = str(folder / "data")

    def run(program: str, *words: str) -> None:
        command = as_other_than_root(str(programs / program), *words)
        subprocess.run(command, check=True, capture_output=True, timeout=120, cwd=folder)

    settings = f"-c listen_addresses='' -c unix_socket_directories={folder} -c fsync=off"
    try:
        run("initdb", "--auth=trust", "--username=postgres", "--no-sync", data)
        run("pg_ctl", "start", "--wait", "-D", data, "-l", str(folder / "log"), "-o", settings)
        yield folder
    finally:
        if (folder / "data" / "postmaster.pid").exists():
            run("pg_ctl", "stop", "--mode=immediate", "-D", data)
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def address(server, request, monkeypatch):
    """A new database, set as the gradebook."""
    name = request.node.name
    with psycopg.connect(f"host={server} user=postgres", autocommit=True) as connection:
        connection.execute(f"create database {name}")
    address = f"postgresql+psycopg://postgres@/{name}?host={server}"
    monkeypatch.setenv(SETTING, address)
    return address


def connect(address: str) -> psycopg.Connection:
    return psycopg.connect(address.replace("+psycopg", ""))


def read_scores(course: Path) -> dict[str, str]:
    with (course / "marks.csv").open(encoding="utf-8-sig", newline="") as file:
        return {row["student"]: row["score"] for row in csv.DictReader(file)}


def test_the_whole_day_in_postgresql(tmp_path, address):
    course = make_course(tmp_path / "course")
    names = [f"s{number}" for number in range(4)]
    for number, name in enumerate(names):
        hand_in(course, name, submission(RIGHT if number % 2 else WRONG))
    outcome = grade(course, "--workers", 3)
    assert outcome.returncode == 0, outcome.stderr
    assert read_scores(course) == dict(zip(names, ["1", "5"] * 2, strict=True))
    assert not list(course.glob("*.db")), "nothing went into a file"

    # A mark by hand, and the feedback that shows it.
    with connect(address) as connection:
        connection.execute(
            "update grade set manual_score = 2, needs_manual_grade = false from base_cell "
            "where base_cell.id = cell_id and base_cell.name = 'double-why'"
        )
    outcome = grade(course)
    assert outcome.stdout.count("7 of 8") == 2
    assert outcome.stdout.count("3 of 8") == 2
    assert " of 8" not in grade(course).stdout

    # nbgrader's own programs, with the same setting.
    for line in (
        ("db", "upgrade"),
        ("autograde", NAME, "--force"),
        ("generate_feedback", NAME, "--force"),
        ("export", "--to", "grades.csv"),
    ):
        outcome = nbgrader(course, *line, **{SETTING: address})
        assert outcome.returncode == 0, outcome.stderr
    with (course / "grades.csv").open() as file:
        scores = {row["student_id"]: float(row["score"]) for row in csv.DictReader(file)}
    assert scores == dict(zip(names, [3, 7] * 2, strict=True))


def test_every_query_of_the_formgrader_runs(tmp_path, address):
    course = make_course(tmp_path / "course")
    hand_in(course, "ann", submission())
    assert grade(course).returncode == 0
    with Gradebook(address, "convviz") as opened:
        (student,) = opened.student_dicts()
        assert (student["score"], student["max_score"]) == (5.0, 8.0)
        (row,) = opened.submission_dicts(NAME)
        assert (row["code_score"], row["max_written_score"], row["needs_manual_grade"]) == (
            5.0,
            3.0,
            True,
        )
        (row,) = opened.notebook_submission_dicts(NAME, NAME)
        assert (row["score"], row["failed_tests"]) == (5.0, False)
        assert opened.average_assignment_score(NAME) == 5.0
        assert opened.average_notebook_written_score(NAME, NAME) == 0.0
        assert opened.find_assignment(NAME).to_dict()["max_score"] == 8.0


def test_a_server_that_is_not_there(tmp_path, monkeypatch):
    course = make_course(tmp_path / "course")
    monkeypatch.setenv(SETTING, f"postgresql+psycopg://nobody@/course?host={tmp_path}")
    outcome = grade(course)
    assert outcome.returncode == 1
    assert "the gradebook can't be opened (CONVVIZ_GRADEBOOK)" in outcome.stderr
    monkeypatch.setenv(SETTING, "postgres server")
    assert "the gradebook's address is none (CONVVIZ_GRADEBOOK)" in grade(course).stderr
