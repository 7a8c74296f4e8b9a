"""A Sphinx extension: the explorers' scripts and styles once on the site, not once a picture.

The saved state of a picture holds its whole script and style sheet, 60 to 140 KB. Here the script
gives way to one line that imports it by name, and the style sheet to a link in the page. The page's
import map says where the script of that name is, whatever address the site has.
"""

import hashlib
import json
from html import escape

from myst_nb.sphinx_ import NbMetadataCollector
from sphinx.util import logging

LOGGER = logging.getLogger(__name__)
FOLDER = "widgets"

# What js/widgets.js can draw: the versions that saved models ask for.
PACKAGES = {
    "@jupyter-widgets/base": "2.0.0",
    "@jupyter-widgets/controls": "2.0.0",
    "anywidget": "~0.11.*",
}


def read_scripts(folder) -> dict[str, str]:
    """The text of each widget's script in a directory, and the widget's name."""
    return {path.read_text(encoding="utf-8"): path.stem for path in sorted(folder.glob("*.js"))}


def find_strangers(state: dict) -> list[str]:
    """What the models of a page's widget state ask for and the site does not have."""
    asked = {(model["model_module"], model["model_module_version"]) for model in state.values()}
    return [f"{name} {version}" for name, version in sorted(asked - PACKAGES.items())]


def share_scripts(state: dict, scripts: dict[str, str]) -> list[str]:
    """Let the models of a page's widget state import their scripts; returns the names imported.

    Parameters
    ----------
    state : dict
        The models by id, as html-manager reads them. Changed in place.
    scripts : dict
        Names by the script's text.
    """
    names = set()
    for model in state.values():
        values = model["state"]
        if name := scripts.get(values.get("_esm")):
            values["_esm"] = f'export {{ default }} from "convviz/{name}";'
            values["_css"] = ""
            names.add(name)
    return sorted(names)


def make_head(script: str, scripts: dict[str, str]) -> str:
    """The lines of a page's head.

    Parameters
    ----------
    script : str
        The address of the script that draws the page's widgets.
    scripts : dict
        Those of the pictures' own, by the name of the import.
    """
    lines = [f'<script type="importmap">{json.dumps({"imports": scripts})}</script>']
    lines.append(f'<script type="module" src="{escape(script)}"></script>')
    lines += [f'<link rel="modulepreload" href="{escape(url)}">' for url in scripts.values()]
    return "\n".join(lines)


def make_styles(addresses: list[str]) -> str:
    """The links to style sheets, for the page's body.

    They come after the theme's, as in JupyterLab.
    """
    return "\n".join(f'<link rel="stylesheet" href="{escape(url)}">' for url in addresses)


def lighten_page(app, pagename, templatename, context, doctree) -> None:
    """Share the scripts of one page's pictures, before MyST-NB writes its widget state."""
    files = NbMetadataCollector.get_js_files(app.env, pagename)
    if "ipywidgets_state" not in files:
        return
    folder = app.srcdir / "static" / FOLDER
    _, attributes = files["ipywidgets_state"]
    saved = json.loads(attributes["body"])
    for stranger in find_strangers(saved["state"]):
        LOGGER.warning("js/widgets.js has no %s", stranger, location=pagename)
    names = share_scripts(saved["state"], read_scripts(folder))
    if not names:
        LOGGER.warning("no picture has a script of convviz/widgets/static", location=pagename)
    body = json.dumps(saved, separators=(",", ":")).replace("</", r"<\/")
    files["ipywidgets_state"] = (None, attributes | {"body": body})

    def address(name: str) -> str:
        # A new version has a new address: no browser mixes a new page with an old script.
        version = hashlib.sha256((folder / name).read_bytes()).hexdigest()[:8]
        return f"{context['content_root']}_static/{FOLDER}/{name}?v={version}"

    scripts = {f"convviz/{name}": address(f"{name}.js") for name in names}
    context["metatags"] += make_head(address("widgets.js"), scripts)
    styles = [address(f"{name}.css") for name in ("widgets", *names)]
    context["body"] = make_styles(styles) + context["body"]


def setup(app):
    """Called by Sphinx."""
    # Before MyST-NB, which adds the state to the page.
    app.connect("html-page-context", lighten_page, priority=400)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
