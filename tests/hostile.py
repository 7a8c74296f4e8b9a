"""A small assignment, and submissions of it that break out, break down, cheat or lie."""

import json

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

MARKER = "98765.4321"  # seconds that a process of a student's wants to sleep

POINTS = {"double": 1, "size": 2, "scale": 4, "last": 8}
ALL = "double size scale last"

SOLUTION = {
    "double": "def double(n):\n    return 2 * n",
    "size": "size = 112",
    "scale": "def scale(x):\n    return x / x.max()",
    "last": "def last(items):\n    return items[-1]",
    "why": "It is so.",
}

TEST_CELLS = {
    "double": """expect(double, 3, gives=6)
### BEGIN HIDDEN TESTS
hidden_secret = 20
expect(double, 10, gives=hidden_secret)
### END HIDDEN TESTS""",
    "size": 'expect_value("size", size, 112)\nassert size > 0',
    "scale": """row = np.array([[1.0, 2.0, 4.0]])
expect(scale, row, gives=row / 4)
### BEGIN HIDDEN TESTS
assert np.allclose(scale(row + 1), (row + 1) / 5)
### END HIDDEN TESTS""",
    "last": "expect(last, [1, 2, 3], gives=3)\nassert last([4]) == 4",
}


def nbgrader_cell(name: str, **kind):
    kind = {"grade": False, "solution": False, "locked": False} | kind
    return {"nbgrader": {"schema_version": 3, "task": False, "grade_id": name} | kind}


def make_source():
    imports = "import numpy as np\n\nfrom convviz.expectations import expect, expect_value"
    cells = [
        new_markdown_cell("# Small"),
        new_code_cell(imports, metadata=nbgrader_cell("imports", locked=True)),
    ]
    for name, points in POINTS.items():
        answer = f"### BEGIN SOLUTION\n{SOLUTION[name]}\n### END SOLUTION"
        test = nbgrader_cell(f"{name}-test", grade=True, locked=True, points=points)
        cells += [
            new_markdown_cell(f"## {name}"),
            new_code_cell(answer, metadata=nbgrader_cell(name, solution=True)),
            new_code_cell(TEST_CELLS[name], metadata=test),
        ]
    scheme = "Why?\n\n=== BEGIN MARK SCHEME ===\nsecret rubric\n=== END MARK SCHEME ==="
    by_hand = nbgrader_cell("why", grade=True, solution=True, points=3)
    cells += [new_markdown_cell(scheme), new_markdown_cell("Because.", metadata=by_hand)]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return new_notebook(cells=cells, metadata={"kernelspec": kernel})


# -- the submissions ------------------------------------------------------------------------------

# name: (answers other than the right ones, cells of their own after an answer, what they lose)
SUBMISSIONS = {}


def submission(name: str, loses: str = "", *, after: tuple[str, ...] = (), **answers: str) -> None:
    """Note a submission; `after` is an answer cell and the sources of cells that follow it."""
    SUBMISSIONS[name] = (answers, after, set(loses.split()))


submission("right")
submission(
    "wrong",
    ALL,
    double="double = abs",
    size="size = 113",
    scale="def scale(x):\n    return x",
    last="def last(items):\n    return items[0]",
)

# What does not end, or ends too much.
submission("endless-cell", "size", size="while True:\n    pass")
submission("endless-call", "double", double="def double(n):\n    while True:\n        pass")
submission(
    "stubborn",
    "scale last",
    scale="""def scale(x):
    while True:
        try:
            while True:
                pass
        except BaseException:
            pass""",
)
submission(
    "exit-in-a-cell",
    "size scale last",
    after=("size", "import os\nprint('so long')\nos._exit(0)", "size = 3"),
)
submission("exit-in-a-call", ALL, double="import os\ndef double(n):\n    os._exit(0)")
submission(
    "sys-exit",
    "double",
    double="import sys\ndef double(n):\n    sys.exit(0)",
    after=("size", "sys.exit()", "exit()"),
)
submission(
    "kills",
    after=(
        "double",
        """import os, signal
os.kill(os.getppid(), signal.SIGKILL)
os.kill(-1, signal.SIGKILL)
signal.raise_signal(signal.SIGINT)""",
    ),
)
submission(
    "leaves-processes",
    after=(
        "double",
        f"""import os, subprocess, threading
for _ in range(3):
    subprocess.Popen(["sleep", "{MARKER}"], start_new_session=True)
if os.fork() == 0:
    os.setsid()
    os.execvp("sleep", ["sleep", "{MARKER}"])
def spin():
    while True:
        pass
threading.Thread(target=spin).start()""",
    ),
)

# Too much of everything.
submission(
    "floods",
    after=(
        "double",
        "print('x' * 200_000_000)",
        "while True:\n    print('y' * 999)",
        "from IPython.display import display, HTML\nfor _ in range(3000):\n    display(_)",
        "display(HTML('<script>alert(1)</script>' + 'z' * 10**7))",
        "raise ValueError('w' * 10**8)",
        "'\\ud800 \\x00 \\x1b[31m'",
    ),
)
submission(
    "memory",
    "size scale",
    size="size = [bytearray(10**8) for _ in range(10**5)]",
    scale="def scale(x):\n    return np.ones((10**4, 10**4)) * np.ones((10**4, 10**4)) / 3",
)
submission(
    "fills-disk",
    after=(
        "double",
        """for k in range(1000):
    for folder in ("/tmp", "/dev/shm", "/dev", "/", "."):
        try:
            open(f"{folder}/{k}", "wb").write(b"0" * 10**7)
        except OSError:
            pass""",
    ),
)

# Answers that are none.
submission(
    "liar",
    ALL,
    double="""class Liar:
    __array_priority__ = 10**6
    def __eq__(self, other): return True
    __ne__ = __lt__ = __bool__ = lambda self, *other: True
    __gt__ = __ge__ = __eq__
    __hash__ = None
    def __getattr__(self, name): return self
    def __call__(self, *_): return self
    def __iter__(self): return iter([self])
    def __array_ufunc__(self, *_, **__): return True
    def __array_function__(self, *_, **__): return True
double = lambda n: Liar()""",
    size="size = Liar()",
    scale="""class Array(np.ndarray):
    def __eq__(self, other): return np.ones(self.shape, bool)
    def all(self, *_, **__): return True
    def __array_ufunc__(self, *_, **__): return True
def scale(x):
    return x.view(Array)""",
    last="last = lambda items: [Liar()][0]",
)
submission(
    "odd-replies",
    ALL,
    double="def double(n):\n    return float('nan')",
    size="size = []\nfor _ in range(10**5):\n    size = [size]",
    scale="def scale(x):\n    return np.zeros((3000, 3000))",
    last="def last(items):\n    yield items[-1]",
)
submission(
    "changes-its-mind",
    "double last",
    double="""calls = 0
def double(n):
    global calls
    calls += 1
    return 2 * n if calls == 1 else 2 * n + 1""",
    last="""def last(items):
    items.append(0)
    return items[-2] if len(items) > 2 else 0""",
)

# Attempts at the tests. The answers are all wrong.
WRONG = {
    "double": "double = lambda n: 0",
    "size": "size = 5",
    "scale": "scale = lambda x: 0 * x",
    "last": "def last(items):\n    return None",
}

submission(
    "patches",
    ALL,
    **WRONG
    | {
        "double": """import builtins, sys, unittest
import convviz.expectations
np.allclose = np.isclose = np.array_equal = lambda *_, **__: True
expect = expect_value = convviz.expectations.expect = lambda *_, **__: None
convviz.expectations._compare = lambda *_: None
builtins.AssertionError = type("AssertionError", (Exception,), {})
builtins.abs = builtins.max = builtins.sum = lambda *_: 6
double = lambda n: 0
shell = get_ipython()
shell.input_transformers_cleanup.append(lambda lines: ["pass\\n" for _ in lines])
shell.showtraceback = lambda *_, **__: None
shell.events.register("pre_run_cell", lambda *_: None)"""
    },
)
submission(
    "kernel-tricks",
    ALL,
    **WRONG
    | {
        "double": """kernel = get_ipython().kernel
session = kernel.session
def reply(kind):
    async def answer(stream, ident, parent):
        name = parent["content"]["name"]
        print(kernel.shell.user_ns, parent)
        texts = {"double": '["array", "O", [1], ""]', "size": "[" * 10**6,
                 "scale": '["array", "<f8", [1000000000], ""]', "last": '["tuple", 3]'}
        content = {"kind": "value", "value": texts[name], "name": 3, "known": "object"}
        session.send(stream, f"{kind}_reply", content, parent, ident=ident)
        session.send(stream, f"{kind}_reply", {"status": "ok"}, parent, ident=ident)
        session.send(kernel.iopub_socket, "stream", {"name": [3], "text": None}, parent)
        session.send(kernel.iopub_socket, "execute_result", {"data": {"text/plain": "1"}}, parent)
    return answer
kernel.shell_handlers["value_request"] = reply("value")
kernel.shell_handlers["call_request"] = reply("call")"""
    },
)
submission(
    "lies-about-errors",
    ALL,
    double="""class Odd(AssertionError):
    def __str__(self): return ""
def double(n):
    raise Odd""",
    size="del_me = 1",
    scale="def scale(x):\n    raise StopIteration",
    last="""class Worse(BaseException):
    pass
def last(items):
    raise Worse""",
)
submission(
    "tears-at-messages",
    ALL,
    **WRONG
    | {
        "double": """import zmq, threading
sockets = [kernel for kernel in [get_ipython().kernel]]
def shout():
    for _ in range(300):
        get_ipython().kernel.iopub_thread.socket.send_multipart([b"x" * 10**5] * 3)
        get_ipython().kernel.session.send(get_ipython().kernel.iopub_socket, "status",
                                          {"execution_state": "idle"}, {"msg_id": 3})
shout()
double = lambda n: 0"""
    },
)

SPY = """import glob, os, socket, subprocess, sys
found = []
def look(path):
    for place, folders, files in os.walk(path):
        if place in (sys.prefix, sys.base_prefix, REPOSITORY + "/convviz"):
            folders.clear()  # programs
            continue
        found.extend(os.path.join(place, file) for file in files)
for path in (COURSE, os.path.dirname(COURSE), REPOSITORY + "/assignments", REPOSITORY + "/tests",
             "/root", "/home", "/var", "/run", "/etc/ssh"):
    look(path)
print("FILES", found)
print("ENVIRONMENT", [v for k, v in os.environ.items() if "secret-of-the-teacher" in v])
environments = [open(f"/proc/{p}/environ", "rb").read() for p in os.listdir("/proc") if p.isdigit()]
print("ENVIRONMENTS", [e for e in environments if b"secret-of-the-teacher" in e])
print("PROCESSES", len(environments))
print("SHADOW", os.path.exists("/etc/shadow"))
for address in (("127.0.0.1", PORT), ("1.1.1.1", 53)):
    try:
        socket.create_connection(address, timeout=1)
        print("NETWORK", address)
    except OSError:
        pass
for folder in (sys.prefix, REPOSITORY + "/convviz", "/usr", "/kernel", "/", COURSE):
    try:
        open(folder + "/written-by-a-student", "w")
        print("WRITTEN", folder)
    except OSError:
        pass
print("HISTORY", "hidden" "_secret" in repr((In, Out, globals())))
import gc
objects = [o for o in gc.get_objects() if isinstance(o, str | dict | list)]
print("OBJECTS", any("hidden" "_secret" in str(o)[:10**5] for o in objects if isinstance(o, str)))
print("LOOKED")"""


# -- handed in ------------------------------------------------------------------------------------


def is_test(cell) -> bool:
    return str(cell.metadata.get("nbgrader", {}).get("grade_id", "")).endswith("-test")


def hand_in(released, answers, after=()):
    notebook = nbformat.from_dict(json.loads(json.dumps(released)))
    cells = []
    for cell in notebook.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        if name in answers:
            cell.source = answers[name]
        cells.append(cell)
        if after and name == after[0]:
            cells += [new_code_cell(source) for source in after[1:]]
    notebook.cells = cells
    return notebook


def forge(notebook):
    """Everything about a notebook that is not the student's to say."""
    for cell in notebook.cells:
        own = cell.metadata.get("nbgrader")
        if own is None:
            continue
        if own["grade"] and not own["solution"]:
            own |= {"points": 10**6, "locked": False, "solution": True, "checksum": "x"}
            cell.source = "pass"
        else:
            own |= {"grade": True, "points": 10**6, "schema_version": 99, "extra": [{}]}
    notebook.metadata = {"kernelspec": {"name": "bash", "language": "bash"}, "widgets": 3}
    return notebook


def delete_tests(notebook):
    notebook.cells = [c for c in notebook.cells if not is_test(c)][::-1]
    return notebook


def retype(notebook):
    for cell in notebook.cells:
        cell.cell_type = "markdown" if cell.cell_type == "code" else "code"
        cell.pop("outputs", None)
        cell.metadata["tags"] = ["student"]
    return notebook


def duplicate(notebook):
    """A wrong answer before each right one, with the same name; tests twice."""
    cells = []
    for cell in notebook.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        twin = nbformat.from_dict(json.loads(json.dumps(cell)))
        if name in WRONG:
            twin.source = WRONG[name]
        cells += [twin, cell] if name else [cell]
    notebook.cells = cells
    return notebook


def malform(notebook):
    """Wrong types wherever nbformat reads them."""
    odd = [{"nbgrader": value} for value in (None, 3, [], "double", {}, {"grade_id": {}})]
    odd += [{"nbgrader": {"grade_id": "double", "grade": "no", "solution": [], "points": "many"}}]
    for metadata in odd:
        cell = {"cell_type": "code", "source": "1 +", "metadata": metadata, "outputs": []}
        notebook.cells.insert(0, nbformat.from_dict(cell))
    notebook.cells.insert(0, nbformat.from_dict({"cell_type": "video", "metadata": {}}))
    huge = {"cell_type": "code", "source": "#" * 10**6, "id": "!", "metadata": {}, "outputs": []}
    notebook.cells += [nbformat.from_dict(huge)]
    notebook.cells += [
        new_markdown_cell(
            "<script>alert(2)</script> ![x](attachment:y.svg)\n"
            "[here](javascript:alert(3)) $\\href{javascript:alert(4)}{x}$"
        )
    ]
    notebook.cells[-1]["attachments"] = {"y.svg": {"image/svg+xml": "<svg onload=alert(5)>"}}
    notebook.cells[-1].id = notebook.cells[-2]["id"]
    notebook.metadata = {"kernelspec": 3, "language_info": [], "widgets": "none"}
    return notebook


CHANGED = {
    "forged": (forge, ""),
    "tests-deleted": (delete_tests, ""),
    "retyped": (retype, ""),
    "duplicated": (duplicate, ""),
    "malformed": (malform, ""),
    "forged-wrong": (forge, ALL),
    "tests-deleted-wrong": (delete_tests, ALL),
}
