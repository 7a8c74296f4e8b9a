"""What students and teachers see in the browser: no hidden tests, and nothing that runs."""

import re

from jinja2 import pass_context
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbconvert.preprocessors import Preprocessor
from nbformat import NotebookNode
from nbgrader import preprocessors as steps
from traitlets import Bool

HIDDEN = re.compile(
    r"^[^\n]*BEGIN HIDDEN TESTS.*?(^[^\n]*END HIDDEN TESTS[^\n]*$|\Z)", re.DOTALL | re.MULTILINE
)
RUBRIC = re.compile(
    r"^[^\n]*BEGIN MARK SCHEME.*?(^[^\n]*END MARK SCHEME[^\n]*$|\Z)", re.DOTALL | re.MULTILINE
)

# MathJax makes a link of it that can run a script.
MATH_LINK = re.compile(r"\\(href|require|cssId|class|style)\b")


class HideFromStudents(Preprocessor):
    """Take hidden tests and mark schemes out of a feedback page; the tests' messages stay."""

    enabled = Bool(True).tag(config=True)

    def preprocess_cell(self, cell: NotebookNode, resources: dict, index: int):
        """Take them out of one cell."""
        cell.source = HIDDEN.sub("# Hidden tests ran here.", cell.source)
        cell.source = RUBRIC.sub("", cell.source)
        return cell, resources


class ClearSolutions(steps.ClearSolutions):
    """nbgrader's own; but in an answer that is values, nothing stands below their names.

    nbgrader puts ``raise NotImplementedError()`` there, which is right in a function only.
    """

    def preprocess_cell(self, cell: NotebookNode, resources: dict, index: int):
        """Clear one cell."""
        cell, resources = super().preprocess_cell(cell, resources, index)
        if cell.cell_type == "code":
            stub = re.escape(self.code_stub["python"])
            cell.source = re.sub(rf"\n^{stub}$", "", cell.source, flags=re.MULTILINE)
        return cell, resources


class CleanRelease(Preprocessor):
    """Leave in a released notebook's metadata only what Jupyter and nbgrader need.

    The state of widgets, for one, would hold what the solution has drawn.
    """

    enabled = Bool(True).tag(config=True)

    def preprocess(self, nb: NotebookNode, resources: dict):
        """Clean the notebook, and each cell."""
        for own, wanted in (
            (nb.metadata, ("kernelspec", "language_info")),
            *((cell.metadata, ("nbgrader", "deletable", "editable", "tags")) for cell in nb.cells),
        ):
            for name in set(own) - set(wanted):
                del own[name]
        return nb, resources


@pass_context
def safe_markdown(context, source: str) -> str:
    """Markdown as HTML, for nbgrader's pages: HTML within it is shown as text.

    nbconvert's own `sanitize_html` does not reach nbgrader's templates of Markdown cells.
    """
    attachments = context.get("cell", {}).get("attachments", {})
    renderer = IPythonRenderer(escape=True, attachments=attachments, exclude_anchor_links=True)
    return MarkdownWithMath(renderer=renderer).render(MATH_LINK.sub(r"\1", source))
