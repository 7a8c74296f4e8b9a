"""Sphinx's settings for the site; `build.py` says what the pages are made of."""

import inspect
import os
import sys
import tomllib
from pathlib import Path

import ipywidgets

sys.path.insert(0, os.environ["CONVVIZ_ROOT"])  # for tests.kernel_environment
sys.path.insert(0, str(Path(__file__).parent))  # for the extensions beside this file

from tests.kernel_environment import use_kernel_environment

# As quiet as the notebooks' tests, and the same numbers.
use_kernel_environment()

ROOT = Path(os.environ["CONVVIZ_ROOT"])
about = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
project = about["name"]
release = about["version"]
author = about["authors"][0]["name"]
repository = about["urls"]["Repository"]

extensions = [
    "myst_nb",
    "numpydoc",
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "sphinx.ext.githubpages",
    "sphinx_copybutton",
    "live_widgets",
    "launch_links",
    "mathematics",
]
exclude_patterns = ["README.md", "requirements.txt", "js", "static", "templates"]
templates_path = ["templates"]

# The notebooks.
nb_execution_mode = "force"
nb_execution_timeout = 300
nb_execution_raise_on_error = True
nb_merge_streams = True
nb_ipywidgets_js = {}  # live_widgets brings its own
nb_render_markdown_format = "myst"  # with its mathematics
myst_enable_extensions = ["amsmath", "dollarmath"]
myst_heading_anchors = 3
image_loading = "lazy"

# The reference. `name` in a docstring is code, and a link where there is something to link to.
default_role = "py:obj"
smartquotes = False
autodoc_typehints = "none"
autosummary_generate = True
numpydoc_show_class_members = False

# Looks.
html_theme = "sphinx_book_theme"
html_title = project
html_static_path = ["static"]
html_css_files = ["site.css"]
html_show_copyright = False
html_context = {"default_mode": "auto"}
html_theme_options = {
    "repository_url": repository,
    "repository_branch": "HEAD",
    "use_repository_button": True,
    "launch_buttons": {
        "binderhub_url": "https://mybinder.org",
        "notebook_interface": "jupyterlab",
    },
    "home_page_in_toc": True,
    "show_navbar_depth": 1,
    "navbar_persistent": [],
}


def show_own_signature(app, what, name, obj, options, signature, returns):
    """A widget's arguments: all that Sphinx sees of them is traitlets' ``(*args, **kwargs)``."""
    if what == "class" and issubclass(obj, ipywidgets.Widget):
        own = inspect.signature(obj.__init__)
        plain = [p.replace(annotation=p.empty) for p in list(own.parameters.values())[1:]]
        return str(own.replace(parameters=plain)), returns
    return None


def setup(app):
    """Called by Sphinx."""
    app.connect("autodoc-process-signature", show_own_signature)
