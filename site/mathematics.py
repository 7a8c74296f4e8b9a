"""A Sphinx extension: mathematics as KaTeX sets it, when the site is built.

A page then needs KaTeX's style sheet and fonts, and no script that would set it while it opens.
"""

import functools
import os
import subprocess
from pathlib import Path

from docutils import nodes

KATEX = Path(os.environ["CONVVIZ_ROOT"], "convviz/widgets/js/node_modules/.bin/katex")


@functools.cache
def render(latex: str, *options: str) -> str:
    """The HTML, with MathML for those who listen to it."""
    finished = subprocess.run(
        [KATEX, *options], input=latex.strip(), capture_output=True, text=True, check=False
    )
    if finished.returncode != 0:
        lines = finished.stderr.splitlines()
        raise ValueError(next((line for line in lines if line.startswith("ParseError")), lines))
    return finished.stdout.strip()


def visit_math(translator, node) -> None:
    """Write mathematics that stands in a line of text."""
    html = render(node.astext())
    translator.body.append(f"{translator.starttag(node, 'span', '', CLASS='math')}{html}</span>")
    raise nodes.SkipNode


def visit_displaymath(translator, node) -> None:
    """Write mathematics that stands by itself."""
    latex = node.astext()
    if node["number"]:
        latex += rf"\tag{{{node['number']}}}"
    html = render(latex, "--display-mode")
    translator.body.append(f"{translator.starttag(node, 'div', CLASS='math')}{html}</div>\n")
    raise nodes.SkipNode


def setup(app):
    """Called by Sphinx."""
    app.add_html_math_renderer("katex", (visit_math, None), (visit_displaymath, None))
    app.add_css_file("katex/katex.min.css")
    return {"parallel_read_safe": True, "parallel_write_safe": True}
