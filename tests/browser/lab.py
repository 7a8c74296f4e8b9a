"""JupyterLab in a real browser, for tests: a server, and a page object that drives it.

::

    def test_slider(lab):
        lab.notebook(["from ipywidgets import IntSlider", "slider = IntSlider(3); slider"])
        lab.output(1).get_by_role("slider").press("ArrowRight")
        lab.expect_value("slider.value", 4)
        lab.assert_no_errors()

Cells are counted from 0, Markdown cells included. Everything that is not here is a keystroke or a
locator away on ``lab.page``, which is Playwright's own ``Page``.
"""

import ast
import contextlib
import json
import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import nbformat

DESKTOP = (1280, 900)
PHONE = (375, 812)

THEMES = {"light": "JupyterLab Light", "dark": "JupyterLab Dark"}

# JupyterLab settings of the tests: it asks nothing and reports nothing by itself.
SETTINGS = {
    "@jupyterlab/apputils-extension/notification": {
        "fetchNews": "false",
        "checkForUpdates": False,
        "doNotDisturbMode": True,
    },
    "@jupyterlab/docmanager-extension/plugin": {"autosave": False},
}

# What JupyterLab itself writes to the console as an error, with nothing of ours on the page.
KNOWN_NOISE: tuple[re.Pattern[str], ...] = (
    # It gives the focus to a notebook that has just been closed.
    re.compile(
        r"TypeError: Cannot read properties of null \(reading 'footer'\)\s+at \w+\._ensureFocus"
    ),
)

# The page's own application object, which LabApp.expose_app_in_browser puts there.
_PANEL = "window.jupyterapp.shell.currentWidget"

_READY = f"""
path => {{
    const panel = window.jupyterapp && {_PANEL};
    if (!panel || !panel.context || panel.context.path !== path) return false;
    if (!panel.context.isReady || !panel.sessionContext.isReady) return false;
    const kernel = panel.sessionContext.session?.kernel;
    return kernel?.connectionStatus === 'connected' && kernel.status === 'idle';
}}
"""

_IDLE = f"() => {_PANEL}.sessionContext.session?.kernel?.status === 'idle'"

# What the menu's "Run All Cells" does, and a mark on the page when it is through.
_RUN_ALL = """
() => {
    window.convvizRunDone = false;
    window.jupyterapp.commands.execute('notebook:run-all-cells').finally(() => {
        window.convvizRunDone = true;
    });
}
"""

_EXECUTE = f"""
async ([code, expression]) => {{
    const kernel = {_PANEL}.sessionContext.session.kernel;
    const future = kernel.requestExecute({{
        code,
        silent: true,
        store_history: false,
        user_expressions: expression === null ? {{}} : {{ value: expression }},
    }});
    const tooLong = new Promise((_, reject) => {{
        setTimeout(() => reject(new Error(`no answer from the kernel in 60 s: ${{code}}`)), 60_000);
    }});
    return (await Promise.race([future.done, tooLong])).content;
}}
"""

# In a new kernel, or in the one that is named.
_OPEN = """
([path, kernel]) => window.jupyterapp.commands.execute('docmanager:open', {
    path,
    factory: 'Notebook',
    ...(kernel === null ? {} : { kernel: { id: kernel } }),
}).then(() => null)
"""

# All but the notebook at this path; without one, all. What is unsaved is given up unasked.
_CLOSE = """
async ([kept, shutDown]) => {
    for (const widget of [...window.jupyterapp.shell.widgets('main')]) {
        const document = widget.content?.context ?? widget.context;
        if (kept !== null && document?.path === kept) continue;
        if (shutDown) await widget.sessionContext?.shutdown();
        if (document) document.model.dirty = false;
        widget.close();
    }
}
"""

# What a notebook leaves in its kernel, but for the modules that it has imported.
_FORGET = """
import sys
if "ipywidgets" in sys.modules:
    sys.modules["ipywidgets"].Widget.close_all()
if "matplotlib.pyplot" in sys.modules:
    sys.modules["matplotlib.pyplot"].close("all")
get_ipython().run_line_magic("reset", "-f")
"""

_KERNEL = f"() => {_PANEL}?.sessionContext?.session?.kernel?.id ?? null"

_UNFOLD = """
() => {
    const { shell } = window.jupyterapp;
    shell.mode = 'multiple-document';
    shell.expandLeft();
    shell.collapseRight();
}
"""

# Waits until something has kept its place and size for ten frames; if it moves, it is mended.
_UNTIL_STILL = """
const untilStill = async (node, mend) => {
    const place = () => node.isConnected && JSON.stringify(node.getBoundingClientRect());
    for (let before = place(), still = 0; still < 10; still += 1) {
        await new Promise(resolve => requestAnimationFrame(resolve));
        if (place() && place() === before) continue;
        await mend?.();
        [before, still] = [place(), -1];
    }
};
"""

_SETTLE = f"async () => {{ {_UNTIL_STILL} await untilStill({_PANEL}.node); }}"

# JupyterLab may still draw what is above a cell, and takes one out of sight out of the page.
_SHOW = f"""
async index => {{
    {_UNTIL_STILL}
    const notebook = {_PANEL}.content;
    const scroll = () => notebook.scrollToItem(index);
    await scroll();
    await untilStill(notebook.widgets[index].node, scroll);
}}
"""

_START = f"""
code => {{
    {_PANEL}.sessionContext.session.kernel.requestExecute({{ code, silent: true }});
}}
"""

_CELLS = f"""
() => Array.from({_PANEL}.content.model.cells, cell => ({{
    type: cell.type,
    source: cell.sharedModel.getSource(),
    count: cell.executionCount ?? null,
    outputs: cell.type === 'code' ? cell.outputs.toJSON() : [],
}}))
"""


class LabServer:
    """A JupyterLab server of its own: own port, token, settings and directories.

    Parameters
    ----------
    home : Path
        An empty directory for the server's settings, runtime files and the like.
    notebooks : Path
        The directory that it serves a copy of.
    """

    def __init__(self, home: Path, notebooks: Path):
        self.notebooks = notebooks
        self.root = home / "root"
        self.token = secrets.token_hex(16)
        self._log = home / "server.log"
        self._process: subprocess.Popen | None = None
        self._home = home
        ignore = shutil.ignore_patterns(".ipynb_checkpoints", "__pycache__")
        if notebooks.is_dir():
            shutil.copytree(notebooks, self.root, ignore=ignore)
        else:
            self.root.mkdir(parents=True)

    def reset_settings(self) -> None:
        """Put JupyterLab's settings back to the tests' own (a page reads them when it loads)."""
        settings = self._home / "settings"
        shutil.rmtree(settings, ignore_errors=True)
        for plugin, values in SETTINGS.items():
            path = settings / f"{plugin}.jupyterlab-settings"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps(values), encoding="utf-8")

    def start(self, timeout: float = 60) -> None:
        """Start the server and wait until it answers."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}/"
        environment = os.environ | {
            "JUPYTER_CONFIG_DIR": str(self._home / "config"),
            "JUPYTER_DATA_DIR": str(self._home / "data"),
            "JUPYTER_RUNTIME_DIR": str(self._home / "runtime"),
            "JUPYTERLAB_SETTINGS_DIR": str(self._home / "settings"),
            "JUPYTERLAB_WORKSPACES_DIR": str(self._home / "workspaces"),
        }
        command = [
            *(sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root"),
            "--ServerApp.ip=127.0.0.1",
            f"--ServerApp.port={self.port}",
            "--ServerApp.port_retries=0",
            f"--ServerApp.root_dir={self.root}",
            f"--IdentityProvider.token={self.token}",
            "--LabApp.expose_app_in_browser=True",
            "--LabApp.news_url=None",
        ]
        with self._log.open("w") as log:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=self.root,
                env=environment,
                start_new_session=True,  # Ctrl-C in pytest is pytest's
            )
        deadline = time.monotonic() + timeout
        while True:
            try:
                self.request("GET", "api/status")
                return
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                if self._process.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError(f"JupyterLab did not start:\n{self.log()}") from None
                time.sleep(0.1)

    def request(self, method: str, path: str) -> Any:
        """Ask the server's REST interface; what it answers, from JSON."""
        request = urllib.request.Request(
            self.url + path, method=method, headers={"Authorization": f"token {self.token}"}
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            body = answer.read()
        return json.loads(body) if body else None

    def kernels(self) -> list[str]:
        """The ids of all kernels that run."""
        return [kernel["id"] for kernel in self.request("GET", "api/kernels")]

    def shut_kernels_down(self, but: str | None = None) -> None:
        """End every kernel, or every other one; the server goes on."""
        for kernel in self.kernels():
            if kernel == but:
                continue
            try:
                self.request("DELETE", f"api/kernels/{kernel}")
            except urllib.error.HTTPError as error:  # gone already
                if error.code != 404:
                    raise

    def log(self) -> str:
        """What the server has written so far."""
        return self._log.read_text(encoding="utf-8", errors="replace")

    def stop(self) -> None:
        """End the server and its kernels, by their ids."""
        if self._process is None:
            return
        with contextlib.suppress(OSError):  # it may be dead; then its kernels end by themselves
            self.shut_kernels_down()
        self._process.terminate()
        try:
            self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None


class Lab:
    """One JupyterLab page with, after `open` or `notebook`, one notebook on it.

    Attributes
    ----------
    page : playwright.sync_api.Page
    server : LabServer
    errors : list of str
        The page's console errors and uncaught exceptions so far, JupyterLab's own noise left out.
    """

    def __init__(self, context, server: LabServer):
        server.reset_settings()  # a theme that another test chose, for one
        self.server = server
        self.errors: list[str] = []
        self._started = False
        self._kernel: str | None = None  # that the test before has left
        self._theme = "light"
        self.page = context.new_page()
        self.page.on("console", self._on_console)
        self.page.on("pageerror", lambda error: self._on_error(f"uncaught: {error}"))

    # -- notebooks ------------------------------------------------------------------------------

    def open(self, notebook: str) -> None:
        """Open a notebook, named as under ``notebooks/``, and wait for its kernel to be idle.

        It is a fresh copy: whatever a test before did to it, it is now as it is in the repository.
        """
        source = self.server.notebooks / notebook
        if source.exists():
            shutil.copyfile(source, self.server.root / notebook)
        if self._started:  # to load JupyterLab again would take ten times as long
            kernel = self._kernel if self._kernel in self.server.kernels() else None
            self.page.evaluate(_CLOSE, [None, kernel is None])
            self.page.evaluate(_OPEN, [notebook, kernel])
            self._kernel = None
        else:
            # A workspace of its own, or JupyterLab would restore the tabs of the test before.
            workspace = f"lab/workspaces/{uuid.uuid4().hex[:8]}/tree/{notebook}"
            self.page.goto(f"{self.server.url}{workspace}?token={self.server.token}")
        self.page.wait_for_function(_READY, arg=notebook, timeout=90_000)
        self._wait_for_splash()
        self._started = True
        # The launcher, which comes when nothing is open.
        self.page.evaluate(_CLOSE, [notebook, True])

    def notebook(self, cells: Iterable[str | tuple[str, str]], run: bool = True) -> None:
        """Open a new notebook with these cells and run them.

        Parameters
        ----------
        cells : iterable
            The source of a code cell each; a Markdown cell is ``("markdown", source)``.
        run : bool
        """
        new = nbformat.v4.new_notebook()
        new.metadata["kernelspec"] = {
            "name": "python3",
            "display_name": "Python 3 (ipykernel)",
            "language": "python",
        }
        for cell in cells:
            kind, source = ("code", cell) if isinstance(cell, str) else cell
            make = {"code": nbformat.v4.new_code_cell, "markdown": nbformat.v4.new_markdown_cell}
            new.cells.append(make[kind](source))
        name = f"test-{uuid.uuid4().hex[:8]}.ipynb"
        nbformat.write(new, self.server.root / name)
        self.open(name)
        if run:
            self.run_all()

    def run_all(self, timeout: float = 120, allow_errors: bool = False) -> None:
        """Run all cells; return when every code cell has its number and the kernel is idle.

        Parameters
        ----------
        timeout : float
            In seconds.
        allow_errors : bool
            If false, a cell that raises fails the test with the cell's traceback.
        """
        deadline = time.monotonic() + timeout
        self.page.evaluate(_RUN_ALL)
        while True:
            done = self.page.evaluate("() => window.convvizRunDone")
            cells = [cell for cell in self.cells() if cell["type"] == "code"]
            failed = [o for c in cells for o in c["outputs"] if o["output_type"] == "error"]
            if failed and not allow_errors:
                self.wait_until_idle()  # what is sent before is dropped, as cells that follow are
                trace = "\n".join(failed[0]["traceback"])
                raise AssertionError("a cell raised\n" + re.sub(r"\x1b\[[\d;]*m", "", trace))
            # An empty cell is never sent to the kernel, and so never gets a number.
            waiting = [c for c in cells if c["source"].strip() and c["count"] is None]
            if done and (not waiting or allow_errors):
                break
            if time.monotonic() > deadline:
                first = waiting[0]["source"] if waiting else "the last one"
                raise TimeoutError(f"cells still waiting after {timeout} s, first:\n{first}")
            if done:  # without numbers: JupyterLab dropped the request, as it may at first
                self.page.evaluate(_RUN_ALL)
            self.page.wait_for_timeout(50)
        self.wait_until_idle()
        self.page.wait_for_function(
            "() => !document.querySelector('.jp-Notebook')"
            ".textContent.includes('Loading widget...')",
            timeout=30_000,
        )

    def cells(self) -> list[dict]:
        """All cells as they are now: each with ``type``, ``source``, ``count`` and ``outputs``."""
        return self.page.evaluate(_CELLS)

    def cell(self, index: int):
        """The locator of one cell."""
        return self.page.locator(f".jp-Notebook .jp-Cell[data-windowed-list-index='{index}']")

    def output(self, index: int):
        """The locator of one cell's output area."""
        return self.cell(index).locator(".jp-Cell-outputArea")

    def show(self, index: int) -> None:
        """Scroll to one cell, and wait until it stays where it is."""
        self.page.evaluate(_SHOW, index)

    # -- the kernel -----------------------------------------------------------------------------

    def wait_until_idle(self, timeout: float = 60) -> None:
        """Wait until the kernel has nothing left to do."""
        self.page.wait_for_function(_IDLE, timeout=timeout * 1000)

    def execute(self, code: str) -> None:
        """Run code in the kernel, outside any cell; a Python error there is an error here."""
        self._execute(code, None)

    def start(self, code: str) -> None:
        """Let the kernel begin with some code, and do not wait for it."""
        self.page.evaluate(_START, code)
        self.page.wait_for_function(f"() => !({_IDLE})()")

    def interrupt(self) -> None:
        """Stop what the kernel is busy with."""
        self._command("notebook:interrupt-kernel")
        self.wait_until_idle()

    def evaluate(self, expression: str) -> Any:
        """The value of a Python expression in the notebook's kernel (as JSON has it)."""
        content = self._execute("", f"__import__('json').dumps({expression})")
        value = content["user_expressions"]["value"]
        if value["status"] != "ok":
            raise AssertionError(f"{expression}: {value['ename']}: {value['evalue']}")
        return json.loads(ast.literal_eval(value["data"]["text/plain"]))

    def expect_value(self, expression: str, expected: Any, timeout: float = 10) -> None:
        """Wait until a Python expression in the kernel has this value.

        What the browser sends takes a moment to arrive, so one look is not enough.
        """
        deadline = time.monotonic() + timeout
        while (value := self.evaluate(expression)) != expected:
            if time.monotonic() > deadline:
                raise AssertionError(f"{expression} is {value!r}, not {expected!r}")
            self.page.wait_for_timeout(50)

    # -- the look -------------------------------------------------------------------------------

    def set_theme(self, theme: str) -> None:
        """Switch to JupyterLab's ``"light"`` or ``"dark"`` theme."""
        self._theme = theme
        self._command("apputils:change-theme", {"theme": THEMES[theme]})
        self._wait_for_splash()
        self.page.wait_for_function(
            "light => document.body.dataset.jpThemeLight === light",
            arg="true" if theme == "light" else "false",
        )
        # Style sheets of the other theme arrive after the attribute.
        self.page.wait_for_load_state("networkidle")

    def set_viewport(self, size: Sequence[int]) -> None:
        """Give the window this inner size, as (width, height) in CSS pixels."""
        self.page.set_viewport_size({"width": size[0], "height": size[1]})

    def collapse_sidebars(self) -> None:
        """Fold both side bars and leave the whole width to the notebook."""
        self.page.evaluate(
            "() => { const { shell } = window.jupyterapp;"
            " shell.collapseLeft(); shell.collapseRight(); }"
        )

    def use_phone(self, size: Sequence[int] = PHONE) -> None:
        """Show the one document as a phone would: narrow, JupyterLab's simple mode, no side bar."""
        self.set_viewport(size)
        self.collapse_sidebars()
        self.page.evaluate("() => { window.jupyterapp.shell.mode = 'single-document'; }")
        self.page.evaluate(_SETTLE)

    def screenshot(self, path: str | os.PathLike, index: int | None = None) -> None:
        """Write a PNG of the window, or of one cell's output, scrolled into view first."""
        if index is None:
            self.page.screenshot(path=path)
        else:
            self.output(index).screenshot(path=path)

    # -- errors ---------------------------------------------------------------------------------

    def assert_no_errors(self) -> None:
        """Assert that the page wrote no error to its console and threw no uncaught exception."""
        assert not self.errors, "the page reported:\n" + "\n".join(self.errors)

    def clear(self) -> bool:
        """Make the page as it was before it showed a notebook; whether it can be used again."""
        if self.errors or not self._started:
            return False
        page = self.page
        if page.locator(".jp-Dialog, .lm-Menu").count() > 0:
            return False
        self._kernel = self._forget()
        page.evaluate(_CLOSE, [None, self._kernel is None])
        self.server.shut_kernels_down(but=self._kernel)
        page.mouse.up()
        page.mouse.move(0, 0)
        self.set_viewport(DESKTOP)
        page.evaluate(_UNFOLD)
        if self._theme != "light":
            self.set_theme("light")
        self.errors.clear()  # a socket's that was closed, for one
        return True

    def close(self) -> None:
        """Close the page and end its kernel."""
        self.page.close()
        self.server.shut_kernels_down()

    # -- inside ---------------------------------------------------------------------------------

    def _forget(self) -> str | None:
        """Make the kernel as good as new; its id, if it can be used again.

        A new one would import everything again, which takes longer than most tests.
        """
        kernel = self.page.evaluate(_KERNEL)
        if kernel is None or not self.page.evaluate(_IDLE):
            return None
        self.execute(_FORGET)
        return kernel

    def _command(self, name: str, arguments: dict | None = None) -> None:
        self.page.evaluate(
            "([name, args]) => window.jupyterapp.commands.execute(name, args).then(() => null)",
            [name, arguments or {}],
        )

    def _wait_for_splash(self) -> None:
        # It lies over the page for a moment. JupyterLab throws when a second one comes meanwhile.
        self.page.locator("#jupyterlab-splash").wait_for(state="detached", timeout=30_000)

    def _execute(self, code: str, expression: str | None) -> dict:
        reply = self.page.evaluate(_EXECUTE, [code, expression])
        if reply["status"] != "ok":
            trace = "\n".join(reply.get("traceback", []))
            raise AssertionError(re.sub(r"\x1b\[[\d;]*m", "", trace) or str(reply))
        return reply

    def _on_console(self, message) -> None:
        if message.type == "error":
            url = message.location.get("url", "")
            self._on_error(f"console: {message.text}" + (f" ({url})" if url else ""))

    def _on_error(self, text: str) -> None:
        if not any(noise.search(text) for noise in KNOWN_NOISE):
            self.errors.append(text)
