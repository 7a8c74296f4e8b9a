"""Formatting, lint, types, and the order of convviz's modules."""

import ast
import json
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "convviz"

# From the bottom up: each imports only from those before it.
LAYERS = (
    "catalogue",
    "arguments",
    "axis",
    "geometry",
    "explanation",
    "arrays",
    "threads",
    "layouts",
    "ops",
    "pooling",
    "transposed_axes",
    "transposed",
    "trace",
    "examples",
    "mistakes",
    "exercises",
    "plain_data",
    "expectations",
    "frameworks",
    "fields",
    "receptive_field",
    "summary",
    "networks",
    "designs",
    "pictures",
    "figures",
    "stills",
    "widgets",
)

MODULES = sorted(path for path in PACKAGE.rglob("*.py") if "node_modules" not in path.parts)


BY_PROGRAM = "mend it with: make format"
BY_HAND = "mend these (the codes in brackets: https://mypy.readthedocs.io/en/stable)"


def find_nothing(*command: str, mend: str) -> None:
    """Fail with what a program finds in the sources."""
    outcome = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    if outcome.returncode != 0:
        pytest.fail(f"{mend}\n{outcome.stdout}{outcome.stderr}", pytrace=False)


def test_lint():
    find_nothing("ruff", "check", "--quiet", "--output-format=concise", mend=BY_PROGRAM)


def test_format():
    find_nothing("ruff", "format", "--check", mend=BY_PROGRAM)


def test_types():
    """Of convviz, and of what its interface tells a user's type checker (typed_use.py)."""
    find_nothing("mypy", "--no-error-summary", mend=BY_HAND)


def layer_of(path: Path) -> str | None:
    """The layer that a module of convviz belongs to; None for the package's own __init__."""
    first = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
    return None if first == "__init__" else first


def imported_layers(path: Path):
    """The layers that a module imports from, each with its line; imports in functions count."""
    package = ("convviz", *path.relative_to(PACKAGE).parent.parts)
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) + 1 - node.level] if node.level else ()
            base = ".".join([*base, *filter(None, [node.module])])
            names = [f"{base}.{alias.name}" for alias in node.names]
        for name in names:
            parts = name.split(".")
            if parts[0] == "convviz":
                yield node.lineno, parts[1] if len(parts) > 1 else "convviz"


def find_violations(path: Path) -> list[str]:
    own = layer_of(path)
    if own is None:
        return []
    if own not in LAYERS:
        return [f"{own} has no place in the order; add it to LAYERS"]
    return [
        f"line {line}: {own} imports {other}"
        for line, other in imported_layers(path)
        if other != own and other not in LAYERS[: LAYERS.index(own)]
    ]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_only_from_below(path):
    assert find_violations(path) == []


def test_import_from_above_is_noticed(tmp_path, monkeypatch):
    monkeypatch.setitem(globals(), "PACKAGE", tmp_path)
    (tmp_path / "widgets").mkdir()
    for name, source, violations in [
        ("geometry.py", "from .ops import conv2d", 1),
        ("geometry.py", "def f():\n    import convviz.trace\n    from convviz import widgets", 2),
        ("geometry.py", "from convviz import ConvGeometry", 1),
        ("geometry.py", "from . import catalogue\nimport math", 0),
        ("widgets/explorer.py", "from ..trace import x\nfrom .strip import y\nfrom . import z", 0),
        ("helpers.py", "", 1),
    ]:
        path = tmp_path / name
        path.write_text(source)
        assert len(find_violations(path)) == violations, source


def test_import_is_light():
    """`import convviz` brings in no framework and no pyplot: a learner's first cell is quick."""
    program = "import json, sys, convviz; print(json.dumps(sorted(sys.modules)))"
    outcome = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    heavy = {"torch", "tensorflow", "keras", "matplotlib.pyplot", "IPython.core.pylabtools"}
    assert not heavy & set(json.loads(outcome.stdout))


def test_wheel_is_complete(tmp_path):
    """The built package holds types, catalogue and the widgets' files, no JavaScript sources."""
    source = tmp_path / "source"
    ignore = shutil.ignore_patterns("node_modules", "__pycache__")
    shutil.copytree(PACKAGE, source / "convviz", ignore=ignore)
    for name in ("pyproject.toml", "LICENSE"):
        shutil.copy(ROOT / name, source)
    build = [
        *(sys.executable, "-m", "pip", "wheel", "--quiet", "--disable-pip-version-check"),
        *("--no-deps", "--no-build-isolation", "--wheel-dir", str(tmp_path), str(source)),
    ]
    subprocess.run(build, check=True, capture_output=True, text=True, timeout=120)
    (wheel,) = tmp_path.glob("convviz-*.whl")
    inside = {name for name in zipfile.ZipFile(wheel).namelist() if name.startswith("convviz/")}
    wanted = [
        *MODULES,
        PACKAGE / "py.typed",
        *(PACKAGE / "catalogue").glob("*.json"),
        *(PACKAGE / "widgets" / "static").glob("*"),
    ]
    assert inside == {path.relative_to(ROOT).as_posix() for path in wanted}


def test_both_catalogues_are_one():
    names = ("en.json", "en-python.json")
    files = [json.loads((PACKAGE / "catalogue" / n).read_text(encoding="utf-8")) for n in names]
    assert not files[0].keys() & files[1].keys()
