"""Widgets as a static page, in a real browser: no kernel, no JupyterLab, no other host.

::

    def test_slider(exported):
        exported.show(convviz.ConvExplorer())
        exported.output(0).get_by_role("slider", name="stride", exact=True).press("ArrowRight")
        exported.assert_no_errors()

A page is a file beside three scripts and two fonts from npm, served from 127.0.0.1. A request for
anything else is refused and counts as an error.
"""

import functools
import http.server
import json
import shutil
import sys
import threading
import uuid
from collections.abc import Sequence
from pathlib import Path

import ipywidgets.embed

from tests.browser.lab import DESKTOP

# The name that a page asks for, and the file below node_modules that it gets.
SCRIPTS = {
    "require.js": "requirejs/require.js",
    "embed-amd.js": "@jupyter-widgets/html-manager/dist/embed-amd.js",
    "anywidget.js": "anywidget/dist/index.js",
}

# The icons of ipywidgets' buttons, and where its style sheets look for them.
FONTS = "@jupyter-widgets/html-manager/dist/*.woff2"
FONT_FOLDERS = ("@jupyter-widgets", "@jupyter-widgets/html-manager/dist")

# What html-manager can't find beside the page it would look for at a host of its own choice.
PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>An exported page</title>
<link rel="icon" href="data:,">
{head}
<script src="require.js"></script>
<script src="embed-amd.js" data-jupyter-widgets-cdn="./"></script>
<script type="application/vnd.jupyter.widget-state+json">{state}</script>
</head>
<body>
<main>
{views}
</main>
</body>
</html>
"""

VIEW = """<section class="output">
<script type="application/vnd.jupyter.widget-view+json">{spec}</script>
</section>"""


def make_page(views: Sequence[ipywidgets.DOMWidget], head: str = "") -> str:
    """A page that shows these widgets; one that is named twice gets two views."""
    state = ipywidgets.embed.dependency_state(views, drop_defaults=False)
    data = ipywidgets.embed.embed_data(views, drop_defaults=False, state=state)
    sections = [VIEW.format(spec=as_script(spec)) for spec in data["view_specs"]]
    return PAGE.format(head=head, state=as_script(data["manager_state"]), views="\n".join(sections))


def as_script(data: object) -> str:
    return ipywidgets.embed.escape_script(json.dumps(data))


def copy_scripts(node_modules: Path, folder: Path) -> None:
    """Put beside the pages of `folder` what they load."""
    for name, source in SCRIPTS.items():
        shutil.copyfile(node_modules / source, folder / name)
    for place in FONT_FOLDERS:
        (folder / place).mkdir(parents=True, exist_ok=True)
        for font in node_modules.glob(FONTS):
            shutil.copyfile(font, folder / place / font.name)


class StaticServer:
    """Serves a folder on a port of its own, while it is a context."""

    def __init__(self, folder: Path):
        self.folder = folder
        handler = functools.partial(_QuietHandler, directory=str(folder))
        self._server = _QuietServer(("127.0.0.1", 0), handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/"

    def __enter__(self):
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()


class _QuietServer(http.server.ThreadingHTTPServer):
    def handle_error(self, request, client_address):
        if not isinstance(sys.exception(), ConnectionError):  # a page that was closed meanwhile
            super().handle_error(request, client_address)


class _QuietHandler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


class ExportedPage:
    """One browser page, with an exported page on it after `show`.

    Attributes
    ----------
    page : playwright.sync_api.Page
    errors : list of str
        Console errors, uncaught exceptions and refused requests so far.
    """

    def __init__(self, context, server: StaticServer):
        self.server = server
        self.errors: list[str] = []
        context.route(lambda url: not url.startswith(server.url), self._refuse)
        self.page = context.new_page()
        self.page.on("console", self._on_console)
        self.page.on("pageerror", lambda error: self.errors.append(f"uncaught: {error}"))

    def show(self, *views: ipywidgets.DOMWidget, head: str = "") -> None:
        """Export these widgets, in this order, and open the page.

        Parameters
        ----------
        *views : ipywidgets.DOMWidget
            One that is named twice gets two views.
        head : str
            More HTML for the page's head.
        """
        name = f"{uuid.uuid4().hex[:8]}.html"
        (self.server.folder / name).write_text(make_page(views, head), encoding="utf-8")
        self.page.goto(self.server.url + name)
        self.page.wait_for_function(
            "count => document.querySelectorAll('.output > .widget-subarea').length === count",
            arg=len(views),
        )

    def output(self, index: int):
        """The locator of one view, counted from 0."""
        return self.page.locator(".output").nth(index)

    def assert_no_errors(self) -> None:
        """Assert that the page reported no error and asked no other host for anything."""
        assert not self.errors, "the page reported:\n" + "\n".join(self.errors)

    def clear(self) -> bool:
        """Make the page as it was at first; whether it can be used again."""
        if self.errors:
            return False
        self.page.mouse.up()
        self.page.mouse.move(0, 0)
        self.page.goto("about:blank")
        self.page.set_viewport_size({"width": DESKTOP[0], "height": DESKTOP[1]})
        self.page.emulate_media(reduced_motion="reduce", color_scheme="null")
        self.errors.clear()
        return True

    def _refuse(self, route) -> None:
        self.errors.append(f"refused: {route.request.url}")
        route.abort()

    def _on_console(self, message) -> None:
        if message.type == "error":
            url = message.location.get("url", "")
            self.errors.append(f"console: {message.text} ({url})")
