"""What sets everything up: make.py, the Makefile that calls it, the workflow that tries it."""

import importlib.util
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parent.parent
PROGRAM = ROOT / "make.py"
WORKFLOW = ROOT / ".github" / "workflows" / "test.yml"


@pytest.fixture
def make(tmp_path):
    """make.py as a module, over a folder of its own."""
    specification = importlib.util.spec_from_file_location("convviz_make", PROGRAM)
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    module.ROOT = tmp_path
    module.VENV = tmp_path / ".venv"
    for name in ("requirements.txt", "pyproject.toml", "site/requirements.txt"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.touch()
        os.utime(path, (1000, 1000))
    module.VENV.mkdir()
    module.called = []
    module.run = lambda *command, **options: module.called.append(command) or 0
    module.make_environment = lambda: None
    return module


def installed(make) -> list[str]:
    """What pip was asked for, in words."""
    return [" ".join(command[5:]) for command in make.called if "pip" in command]


def test_tasks_are_listed():
    outcome = subprocess.run(
        [sys.executable, PROGRAM], capture_output=True, text=True, timeout=60, check=True
    )
    names = re.findall(r"^(\w+) +[A-Z].*\.$", outcome.stdout, flags=re.MULTILINE)
    assert {"lab", "test", "site", "grade"} < set(names)
    assert len(names) == len(outcome.stdout.splitlines())


def test_an_unknown_task_is_told_what_there_is():
    outcome = subprocess.run(
        [sys.executable, PROGRAM, "tset"], capture_output=True, text=True, timeout=60, check=False
    )
    assert outcome.returncode == 2
    assert re.search(r"^test +Run every test", outcome.stdout, flags=re.MULTILINE)


def test_the_makefile_has_every_task(make):
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    (tasks,) = re.findall(r"^TASKS := (.*)$", makefile, flags=re.MULTILINE)
    assert tasks.split() == [task.__name__ for task in make.TASKS]


@pytest.mark.parametrize("page", ["README.md", "assignments/README.md", "classroom/README.md"])
def test_tasks_that_the_pages_name_exist(make, page):
    text = (ROOT / page).read_text(encoding="utf-8")
    named = set(re.findall(r"(?:`|^)(?:python )?make(?:\.py)? ([a-z]+)", text, flags=re.MULTILINE))
    assert named
    assert named <= {task.__name__ for task in make.TASKS}


def test_installs_once_and_again_when_something_has_changed(make):
    everything = [
        "-r requirements.txt",
        "--no-build-isolation --no-deps -e .",
        "-r requirements.txt -r site/requirements.txt",
    ]
    make.install(["site"])
    assert installed(make) == everything
    make.called.clear()
    make.install(["site"])
    assert installed(make) == []
    later = make.VENV.joinpath(".installed").stat().st_mtime + 10
    os.utime(make.ROOT / "site/requirements.txt", (later, later))
    make.install([])
    assert installed(make) == []
    make.install(["site"])
    assert installed(make) == everything[2:]
    make.called.clear()
    os.utime(make.ROOT / "pyproject.toml", (later, later))
    make.install(["site"])
    assert installed(make) == everything


def test_a_step_that_fails_ends_it_and_is_done_again(make):
    make.run = lambda *command, **options: 7 if "-e" in command else 0
    with pytest.raises(SystemExit) as ended:
        make.lab([])
    assert ended.value.code == 7
    assert not (make.VENV / ".installed").exists()


def test_more_words_go_to_the_program(make):
    make.install([])
    make.called.clear()
    make.main(["lab", "--no-browser", "--port=9000"])
    (command,) = make.called
    assert command[:3] == (make.PYTHON, "-m", "jupyterlab")
    assert command[-2:] == ("--no-browser", "--port=9000")


def test_install_refuses_what_it_does_not_know(make):
    with pytest.raises(SystemExit, match="takes site, grading, hub, benchmarks, but not sight"):
        make.install(["sight"])


def test_only_a_suitable_python_will_do(make, tmp_path):
    assert make.is_suitable(sys.executable)
    assert not make.is_suitable("no-such-python")
    old = tmp_path / "old.py"
    old.write_text(f"import sys; sys.version_info = (3, 10, 1); exec({make.SUITABLE!r})")
    assert subprocess.call([sys.executable, old]) == 1


def test_the_workflow_runs_the_two_commands_on_the_versions_there_are(make):
    workflow = yaml.safe_load(WORKFLOW.read_text(encoding="utf-8"))
    job = workflow["jobs"]["test"]
    versions = [".".join(map(str, version)) for version in (make.OLDEST, make.NEWEST)]
    assert job["strategy"]["matrix"]["python"] == versions
    systems = {name.split("-")[0] for name in job["strategy"]["matrix"]["system"]}
    assert systems == {"ubuntu", "macos", "windows"}
    commands = [step["run"].split()[:3] for step in job["steps"] if "run" in step]
    assert ["python", "make.py", "lab"] in commands
    assert ["python", "make.py", "test"] in commands
    assert f'requires-python = ">={versions[0]}"' in (ROOT / "pyproject.toml").read_text("utf-8")
    assert f"Python {versions[0]}, 3.12 or {versions[1]}" in (ROOT / "README.md").read_text("utf-8")
