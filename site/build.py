"""Build the collection as a static site: ``python site/build.py [directory]``, or ``make site``.

The site's sources lie apart, the README and notebooks/ where a reader of the repository looks for
them. So they are first put side by side in a directory of their own, together with what the pages
load from npm; Sphinx does the rest. The notebooks are executed anew by every build.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

HERE = Path(__file__).parent.resolve()
ROOT = HERE.parent
STATIC = ROOT / "convviz" / "widgets" / "static"
NODE_MODULES = ROOT / "convviz" / "widgets" / "js" / "node_modules"

# Below static/, what comes from npm. A name that ends in / is a directory for several files.
FROM_NPM = {
    "katex/katex.min.css": "katex/dist/katex.min.css",
    "katex/fonts/": "katex/dist/fonts/*.woff2",
}
# Programs from npm are run by Node.js, which is in the Python environment.
ENVIRONMENT = os.environ | {
    "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")]),
    "NODE_PATH": str(NODE_MODULES),
    "CONVVIZ_ROOT": str(ROOT),
}


def adapt_readme(text: str, repository: str) -> str:
    """The README as a page of the site.

    A link to a file that is no page of the site leads to the repository; of an image that lies on
    another host, its words stay. The plots of how fast everything is are not on the site.
    """
    plot = r"<picture>\s*<source[^>]*benchmarks/.*?</picture>\n\n"
    text = re.sub(plot, "", text, flags=re.DOTALL)
    text = re.sub(r"!\[([^\]]*)\]\(https?://[^)]*\)", r"\1", text)
    elsewhere = r"\]\((?!https?:|#|notebooks/)([^)]+)\)"
    return re.sub(elsewhere, rf"]({repository}/blob/HEAD/\1)", text)


def bundle_widgets(folder: Path) -> None:
    """Make widgets.js and widgets.css, which draw the widgets of a page, in `folder`."""
    scripts = HERE / "js"
    command = [NODE_MODULES / ".bin" / "esbuild", scripts / "widgets.js", scripts / "widgets.css"]
    command += [f"--inject:{scripts / 'define.js'}"]
    command += [f"--alias:sanitize-html={scripts / 'sanitize.js'}"]
    command += ["--bundle", "--format=esm", "--target=es2022", "--charset=utf8", "--minify"]
    command += ["--legal-comments=linked", "--log-level=warning", f"--outdir={folder}"]
    subprocess.run(command, env=ENVIRONMENT, check=True)


def gather(source: Path) -> None:
    """Put everything that Sphinx reads into `source`."""
    shutil.copytree(HERE, source, ignore=shutil.ignore_patterns("__pycache__"))
    about = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    readme = adapt_readme(readme, about["urls"]["Repository"])
    (source / "README.md").write_text(readme, encoding="utf-8")
    checkpoints = shutil.ignore_patterns(".ipynb_checkpoints")
    shutil.copytree(ROOT / "notebooks", source / "notebooks", ignore=checkpoints)
    shutil.copytree(STATIC, source / "static" / "widgets", dirs_exist_ok=True)
    for name, pattern in FROM_NPM.items():
        found = sorted(NODE_MODULES.glob(pattern))
        if not found:
            sys.exit(f"{NODE_MODULES / pattern} is missing: `npm ci` in {NODE_MODULES.parent}")
        target = source / "static" / name
        (target if name.endswith("/") else target.parent).mkdir(parents=True, exist_ok=True)
        for path in found:
            shutil.copy(path, target)
    bundle_widgets(source / "static" / "widgets")


def build(target: Path, *options: str) -> None:
    """Build the site into `target`, in place of what was there; `options` are sphinx-build's."""
    with tempfile.TemporaryDirectory(prefix="convviz-site-") as work:
        source, pages = Path(work) / "source", Path(work) / "pages"
        gather(source)
        command = [
            sys.executable,
            "-m",
            "sphinx",
            "--fail-on-warning",
            "--keep-going",
            "-j",
            "auto",
        ]
        command += ["-d", str(Path(work) / "doctrees"), *options, str(source), str(pages)]
        finished = subprocess.run(command, cwd=ROOT, env=ENVIRONMENT, check=False)
        if finished.returncode != 0:
            sys.exit(finished.returncode)
        shutil.rmtree(target, ignore_errors=True)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(pages, target)


if __name__ == "__main__":
    build(Path(*sys.argv[1:2] or [ROOT / "build" / "site"]), *sys.argv[2:])
