"""Set up and run everything here, on any system that has Python: ``python make.py lab``.

Whatever a task needs is installed into .venv the first time, and again when it has changed. More
words go to the program that the task runs: ``python make.py test -k geometry``.
"""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
JAVASCRIPT = ROOT / "convviz" / "widgets" / "js"

# The versions that TensorFlow can be installed on. ensurepip is what Debian leaves out of Python.
OLDEST, NEWEST = (3, 11), (3, 13)
SUITABLE = (
    f"import sys, venv, ensurepip; sys.exit(not {OLDEST} <= sys.version_info[:2] <= {NEWEST})"
)

# What is installed beside requirements.txt, for some of the tasks only.
EXTRAS = {
    "site": "site/requirements.txt",
    "grading": "assignments/requirements.txt",
    "hub": "classroom/requirements.txt",
    "benchmarks": "benchmarks/requirements.txt",
}
TESTED = ["site", "grading", "hub"] if sys.platform == "linux" else ["site", "grading"]


def install(words):
    """Only install, into .venv; with more words, what site, grading, hub or benchmarks need too."""
    for extra in words:
        if extra not in EXTRAS:
            sys.exit("make.py install takes {}, but not {}".format(", ".join(EXTRAS), extra))
    need(*words)


def lab(words):
    """Open the notebooks in JupyterLab."""
    need()
    return run(PYTHON, "-m", "jupyterlab", "--ServerApp.root_dir=notebooks", *words)


def test(words):
    """Run every test: Python, notebooks, JavaScript, browser."""
    need(*TESTED)
    return run(PYTHON, "-m", "pytest", "--nbval", "-n", "2", *words)


def notebooks(words):
    """Execute the notebooks in place, as the tests will compare them."""
    need()
    return run(PYTHON, "-m", "tests.execute_notebooks", *words)


def site(words):
    """Build the collection as a web page, in build/site."""
    need("site")
    need_node_modules()
    return run(PYTHON, "site/build.py", "build/site", *words)


def grade(words):
    """Grade what students handed in: make.py grade --from FOLDER."""
    need("grading")
    return run(PYTHON, "assignments/grade.py", *words)


def bench(words):
    """Measure everything again, for benchmarks/results.md."""
    need(*TESTED, "benchmarks")
    need_node_modules()
    return run(PYTHON, "benchmarks/run.py", *words)


def js(words):
    """Rebuild the widgets' JavaScript."""
    need()
    need_node_modules()
    npm("run", "build")


def format(words):
    """Format the Python sources, and mend what can be mended."""
    need()
    mended = run(PYTHON, "-m", "ruff", "check", "--fix")
    return run(PYTHON, "-m", "ruff", "format") or mended


def clean(words):
    """Remove what was installed and every cache."""
    for name in (".venv", "build", ".pytest_cache", ".ruff_cache", ".mypy_cache", ".hypothesis"):
        shutil.rmtree(ROOT / name, ignore_errors=True)
    shutil.rmtree(JAVASCRIPT / "node_modules", ignore_errors=True)
    for pattern in ("*.egg-info", "**/__pycache__"):
        for folder in list(ROOT.glob(pattern)):
            shutil.rmtree(folder, ignore_errors=True)


TASKS = [install, lab, test, notebooks, site, grade, bench, js, format, clean]


def need(*extras):
    """Install requirements.txt, and what is asked for beside it, unless it is there already."""
    base = ["requirements.txt", "pyproject.toml"]
    installed = VENV / ".installed"
    if is_older(installed, base):
        make_environment()
        pip("-r", "requirements.txt")
        pip("--no-build-isolation", "--no-deps", "-e", ".")
        must(PYTHON, "-m", "tests.kernel_environment")
        # Matplotlib looks for fonts once, and says so on stderr if that takes long.
        must(PYTHON, "-c", "import matplotlib.font_manager")
        installed.touch()
    for extra in extras:
        stamp = VENV / f".{extra}-installed"
        if is_older(stamp, [*base, EXTRAS[extra]]):
            pip("-r", "requirements.txt", "-r", EXTRAS[extra])
            stamp.touch()


def need_node_modules():
    """Install what package-lock.json names, unless it is there already."""
    stamp = JAVASCRIPT / "node_modules" / ".package-lock.json"
    if is_older(stamp, [JAVASCRIPT / "package-lock.json"]):
        npm("ci", "--ignore-scripts", "--no-audit", "--no-fund")
        stamp.touch()


def is_older(stamp, paths):
    """Whether a stamp is missing, or older than one of the files that it stands for."""
    if not stamp.exists():
        return True
    return any((ROOT / path).stat().st_mtime > stamp.stat().st_mtime for path in paths)


def make_environment():
    """Make .venv, unless it has a suitable Python."""
    if is_suitable(PYTHON):
        return
    versions = [f"python3.{minor}" for minor in range(NEWEST[1], OLDEST[1] - 1, -1)]
    found = [name for name in [sys.executable, *versions, "python3"] if is_suitable(name)]
    if not found:
        sys.exit(
            "convviz needs Python 3.11, 3.12 or 3.13 with its venv module (on Debian: apt-get "
            "install python3-venv), but {} is {}.{}.".format(sys.executable, *sys.version_info[:2])
        )
    version = subprocess.check_output([found[0], "--version"]).decode().strip()
    print(f"Installing into .venv, with {version}. The first time this takes minutes.")
    must(found[0], "-m", "venv", "--clear", VENV)


def is_suitable(python):
    """Whether this is a Python that everything runs on."""
    program = shutil.which(str(python))
    command = [program, "-c", SUITABLE]
    return program is not None and subprocess.call(command, stderr=subprocess.DEVNULL) == 0


def pip(*words):
    """Run pip's install in .venv."""
    must(PYTHON, "-m", "pip", "install", "--disable-pip-version-check", *words)


def npm(*words):
    """Run the npm that is installed in .venv, on the widgets' JavaScript."""
    path = os.pathsep.join([str(BIN), os.environ.get("PATH", "")])
    program = shutil.which("npm", path=path)
    must(program, *words, cwd=JAVASCRIPT, env={**os.environ, "PATH": path})


def must(*command, **options):
    """Run a command, and end here if it fails."""
    code = run(*command, **options)
    if code:
        sys.exit(code)


def run(*command, cwd=ROOT, env=None):
    """Run a command and give its exit code. Ctrl-C is for the command to answer."""
    sys.stdout.flush()
    # Windows would read and write text in an encoding of its own.
    variables = {**(env or os.environ), "PYTHONUTF8": "1"}
    process = subprocess.Popen([str(word) for word in command], cwd=str(cwd), env=variables)
    previous = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        return process.wait()
    finally:
        signal.signal(signal.SIGINT, previous)


def main(words):
    """Run the task that the first word names, or list the tasks."""
    tasks = {task.__name__: task for task in TASKS}
    if words and words[0] in tasks:
        return tasks[words[0]](words[1:])
    for name, task in tasks.items():
        print(f"{name:<11}{task.__doc__}")
    return 2 if words else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
