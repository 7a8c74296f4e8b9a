"""What the benchmarks' figures say, in Markdown: results.md, and the lines that README shows.

Every function here is of recorded figures only (`benchmarks/results/*.json`), so that no number is
typed, and no sentence outlives the figure that it speaks of.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from benchmarks.harness import geometric_mean

BUSY = 0.3  # cores that other programs kept busy before the run; with more, it is only a trial

Figures = Any
Record = Mapping[str, Any]


class Goal(NamedTuple):
    """A figure that should not be above a limit."""

    name: str
    value: float
    limit: float
    unit: str = ""

    @property
    def is_met(self) -> bool:
        """Whether it is not above."""
        return self.value <= self.limit

    def verdict(self) -> str:
        """Met, or missed by how much."""
        if self.is_met:
            return "met"
        over = self.value - self.limit
        share = f" ({over / self.limit:.0%})" if self.limit else ""
        return f"**missed** by {quantity(float(f'{over:.2g}'), self.unit)}{share}"

    def row(self, trial: bool) -> tuple[str, ...]:
        """A row of the summary's table."""
        limit = f"at most {quantity(self.limit, self.unit)}"
        verdict = f"{self.verdict()}, in a trial on a busy machine" if trial else self.verdict()
        return self.name, limit, quantity(self.value, self.unit), verdict


class Part(NamedTuple):
    """A benchmark, and how to tell what it found."""

    title: str
    describe: Callable[[Figures], str]
    goals: Callable[[Figures], list[Goal]] = lambda figures: []
    obstacles: Callable[[Figures], str] = lambda figures: ""  # where a goal is missed


def number(value: float) -> str:
    """With three digits, and no more after the point than that takes."""
    if value == 0:
        return "0"
    if abs(value) >= 100:
        return f"{value:,.0f}".replace(",", " ")
    text = f"{value:.3g}"
    return text if "e" not in text else f"{value:.2g}"


def quantity(value: float, unit: str) -> str:
    """A number with its unit."""
    return f"{number(value)} {unit}".rstrip()


def between(spread: Mapping[str, float]) -> str:
    """A median with its quartiles."""
    return f"{number(spread['median'])} ({number(spread['low'])} to {number(spread['high'])})"


def table(columns: Sequence[str], rows: Iterable[Sequence[object]], left: int = 1) -> str:
    """A Markdown table; the first `left` columns hold words, the others numbers."""
    lines = [columns, [("---" if k < left else "---:") for k in range(len(columns))], *rows]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines)


# ------------------------------------------------------------------------------- conv2d


def conv2d_means(rows: Sequence[Mapping], library: str) -> float:
    """The geometric mean, over all layers, of a library's time as a multiple of PyTorch's."""
    return geometric_mean(row["ratio"][library]["median"] for row in rows)


def in_words(threads: str) -> str:
    """How many threads."""
    return {"1": "one thread", "2": "two threads"}[threads]


def describe_conv2d(figures: Mapping[str, list[dict]]) -> str:
    """A table for each number of threads."""
    sections = []
    for threads, rows in figures.items():
        libraries = [name for name in rows[0]["ratio"] if name not in ("convviz", "PyTorch")]
        body = [conv2d_row(row, libraries) for row in rows]
        means = [f"**{conv2d_means(rows, name):.2f}**" for name in ("convviz", *libraries[:1])]
        means += [number(conv2d_means(rows, name)) for name in libraries[1:]]
        body.append(["**geometric mean**", *[""] * 5, *means])
        columns = ["layer", "input", "weight", "settings", "convviz (ms)", "PyTorch (ms)"]
        columns += [f"{name} / PyTorch" for name in ("convviz", *libraries)]
        sections.append(f"### {in_words(threads).capitalize()}\n\n{table(columns, body, left=4)}")
    return CONV2D.strip() + "\n\n" + "\n\n".join(sections)


def conv2d_row(row: Mapping, libraries: Iterable[str]) -> list[str]:
    """One layer."""
    shapes = ["x".join(map(str, row[name])) for name in ("input", "weight")]
    names = {"stride": 1, "padding": 0, "groups": 1}
    settings = ", ".join(f"{k} {row[k]}" for k, usual in names.items() if row[k] != usual)
    times = [number(row["milliseconds"][name]) for name in ("convviz", "PyTorch")]
    others = [
        ("~" if row["share"].get(name, 1) < 1 else "") + number(row["ratio"][name]["median"])
        for name in libraries
    ]
    return [row["layer"], *shapes, settings, *times, between(row["ratio"]["convviz"]), *others]


def conv2d_goals(figures: Mapping[str, list[dict]]) -> list[Goal]:
    """No slower than PyTorch in the mean."""
    return [
        Goal(
            f"`conv2d`'s time over PyTorch's, geometric mean, {in_words(threads)}",
            conv2d_means(rows, "convviz"),
            1,
        )
        for threads, rows in figures.items()
    ]


def conv2d_obstacles(figures: Mapping[str, list[dict]]) -> str:
    """The layers that PyTorch is quicker at."""
    sentences = []
    for threads, rows in figures.items():
        slower = {row["layer"]: row["ratio"]["convviz"]["median"] for row in rows}
        worst = sorted((-ratio, layer) for layer, ratio in slower.items() if ratio > 1)
        said = ", ".join(f"{layer} ({-ratio:.2f})" for ratio, layer in worst)
        sentences.append(f"Slower than PyTorch with {in_words(threads)}: {said or 'none'}.")
    return " ".join([*sentences, CONV2D_OBSTACLES.strip()])


CONV2D_OBSTACLES = """
Depthwise, PyTorch has a kernel of its own, which reads each cell once; NumPy copies the input for
each kernel column, and passes over memory for each kernel row. For the large 3x3 layers nearly all
of the time is OpenBLAS's matrix product, against code that oneDNN makes for the very shape. With
more threads a large layer is shared out in blocks; a depthwise one stays with one thread, since
its many short steps in NumPy would wait for each other.
"""

CONV2D = """
One image, float32, no bias. The median of each round's ratio is shown, with its quartiles: in a
round every library has its turn, in random order, and is timed over calls that take 20 ms together.
Before, all must have given the same output. Each has its arrays in its own layout, made beforehand:
PyTorch (N, C, H, W), in `inference_mode`; TensorFlow (N, H, W, C), eager, with oneDNN where its
build has it. SciPy is `scipy.signal.correlate` with `method="auto"`, filter by filter; it knows no
stride, so it computes every cell, and the steps are taken from that. Plain loops are six `for` over
lists of Python numbers. SciPy and the loops use one thread, and three rounds. A `~` marks what was
measured on some of the filters or output rows, and scaled. Freed memory is kept in the process
(`MALLOC_TRIM_THRESHOLD_` and its like, for all libraries): by default glibc keeps it or not by what
ran before, and the pages that a call is then given anew would make a ratio a matter of luck.
"""

# ------------------------------------------------------------------------------- import


def describe_imports(figures: Mapping[str, dict]) -> str:
    """A row for each program."""
    rows = []
    for names, found in figures.items():
        added = found["beyond"]
        is_base = added["milliseconds"]["high"] == added["milliseconds"]["low"] == 0
        beyond = [
            "" if is_base else number(added[u]["median"]) for u in ("milliseconds", "megabytes")
        ]
        whole = [between(found["milliseconds"]), beyond[0]]
        whole += [number(found["megabytes"]["median"]), beyond[1]]
        rows.append([f"`import {names}`", *whole, ", ".join(found["heavy"]) or "none"])
    columns = ["program", "time (ms)", "added (ms)", "memory (MB)", "added (MB)", "heavy modules"]
    return IMPORTS.strip() + "\n\n" + table(columns, rows)


def imports_goals(figures: Mapping[str, dict]) -> list[Goal]:
    """Quick, and nothing heavy."""
    found = next(found for names, found in figures.items() if "convviz" in names)
    added = found["beyond"]["milliseconds"]["median"]
    heavy = sum(name in HEAVY for name in found["heavy"])
    return [
        Goal("`import convviz` beyond numpy and ipywidgets", added, 150, "ms"),
        Goal("of torch, TensorFlow, Keras and pyplot, imported by it", heavy, 0, "modules"),
    ]


HEAVY = ("torch", "tensorflow", "keras", "matplotlib.pyplot")

IMPORTS_OBSTACLES = """
What is added is anywidget and convviz's own modules; `python -X importtime -c "import convviz"`
tells each.
"""

IMPORTS = """
Each import in a fresh process, the programs in random order; medians, with quartiles for the time.
The clock starts when Python itself is up; memory is the resident memory (RSS) after the import.
Added is what a program takes beyond the first line, round by round. The files have been read
before. Heavy modules are those of torch, tensorflow, keras, matplotlib.pyplot, scipy and PIL that
the program has loaded.
"""

# ------------------------------------------------------------------------------- memory


def describe_memory(figures: Sequence[Mapping]) -> str:
    """A row for each process."""
    names = ("pss", "rss", "peak", "own", "data")
    rows = [[row["process"], *(f"{row[name] / 1e6:.0f}" for name in names)] for row in figures]
    columns = ["MB", "PSS", "RSS", "peak", "own", "data"]
    return MEMORY.strip() + "\n\n" + table(columns, rows)


MEMORY = """
What a learner's kernel holds, each a kernel of its own, after its last cell. PSS counts a page that
n processes share as 1/n; RSS counts it in full; peak is the most that RSS has been; own has no file
behind it; data is private memory asked for. The first two tell what one more learner takes, and
what the first takes.
"""

# ------------------------------------------------------------------------------- latency


def describe_latency(figures: Mapping) -> str:
    """A row for each slider of each picture."""
    rows = [
        [row["picture"], row["slider"], between(row["changed"]), between(row["painted"])]
        for row in figures["pictures"]
    ]
    columns = ["picture", "slider", "changed (ms)", "painted (ms)"]
    chromium = f"Chromium {figures['chromium']}, headless, without a GPU."
    return f"{LATENCY.strip()} {chromium}\n\n{table(columns, rows, left=2)}"


def latency_of(figures: Mapping, picture: str, slider: str, time: str = "changed") -> float:
    """The median of one row, in milliseconds."""
    return next(
        row[time]["median"]
        for row in figures["pictures"]
        if row["picture"].startswith(picture) and row["slider"] == slider
    )


def latency_goals(figures: Mapping) -> list[Goal]:
    """The explorer's own goals."""
    return [
        Goal(
            f"explorer, {size}: from key press to changed picture, {slider}",
            latency_of(figures, f"explorer, {size}", slider),
            limit,
            "ms",
        )
        for size, limit in (("8x8", 4), ("16x16", 8))
        for slider in ("stride", "position")
    ]


LATENCY_OBSTACLES = """
Nothing is waited for: the time is the explorer's own script and the browser's, on one core, so a
slower or busier machine moves it in proportion. How busy it was before the run stands below.
"""

LATENCY = """
From a real key press on a slider, in JupyterLab, to the picture that follows it; medians, with
quartiles. *Changed*: the new picture is in the page (the last change to the DOM; for ipympl, other
pixels in its canvas). *Painted*: the frame that shows it has been drawn, for which the browser
waits up to 17 ms more. The explorer answers in the browser. The two others ask the kernel, which
computes the same convolution and draws: `interact` with matplotlib makes a new figure at every
step, as most notebooks do; with ipympl the figure stays, and only its data are set. Each key waits
until the step before is done.
"""

# ------------------------------------------------------------------------------- GIF


def describe_gif(figures: Sequence[Mapping]) -> str:
    """A row for each example."""
    rows = [
        [
            row["example"],
            row["frames"],
            "x".join(map(str, row["pixels"])),
            *(number(1e3 / row[name]["median"]) for name in ("convviz", "matplotlib")),
            between(row["ratio"]),
        ]
        for row in figures
    ]
    mean = geometric_mean(row["ratio"]["median"] for row in figures)
    rows.append(["**geometric mean**", *[""] * 4, f"**{number(mean)}**"])
    columns = ["example", "frames", "pixels"]
    columns += ["convviz (frames/s)", "matplotlib (frames/s)", "times faster"]
    return GIF.strip() + "\n\n" + table(columns, rows)


GIF = """
`save_gif` beside matplotlib's `FuncAnimation` with its Pillow writer, for the same animation: as
many frames and pixels, the same cells, colours and numbers. In matplotlib everything is made once,
and a frame only sets what changed. The two take turns; medians, the ratio with quartiles.
"""

# ------------------------------------------------------------------------------- grading


def describe_grading(figures: Sequence[Mapping]) -> str:
    """A row for each assignment and number of workers."""
    rows = [
        [
            row["assignment"],
            row["workers"],
            number(row["each"]),
            number(row["nothing"]),
            number(row["class"] / 60),
        ]
        for row in figures
    ]
    columns = [
        "assignment",
        "at once",
        "a submission (s)",
        "nothing to do (s)",
        "200 of them (min)",
    ]
    count = figures[0]["submissions"]
    return f"{GRADING.strip().format(count=count)}\n\n{table(columns, rows)}"


GRADING = """
`make grade` on {count} submissions of each assignment, right and wrong ones in turn: collected, run
in their sandboxes, marked, with feedback. A submission's seconds are what the command took, without
what it takes when there is nothing left to do, over their number; 200 of them follow from that.
"""

# ------------------------------------------------------------------------------- site


def describe_site(figures: Mapping) -> str:
    """A row for each page."""
    names = ("page", "all", "compressed")
    times = ("text", "picture", "answer", "work", "again")
    rows = [
        [
            row["page"],
            *(f"{row['kilobytes'][name]:.0f}" for name in names),
            *(f"{row['milliseconds'][name]['median']:.0f}" for name in times),
        ]
        for row in figures["pages"]
    ]
    columns = ["page", "page (KB)", "all (KB)", "compressed (KB)"]
    columns += [f"{name} (ms)" for name in times]
    built = figures["build"] and f" It took {figures['build']:.0f} s to build."
    text = f"{SITE.strip()} Chromium {figures['chromium']}.{built or ''}"
    return f"{text}\n\n{table(columns, rows)}"


SITE = """
Each page of the static site, opened in a browser that has nothing stored, from a server on the same
machine that does not compress; medians from the moment when the page is asked for. *All* is what is
loaded for it, *compressed* the same as a host sends it that compresses. *Text*: the first paint;
*picture*: the first explorer is drawn; *answer*: a key press on its slider has changed it; *work*:
the page's own thread until the picture; *again*: as picture, when the scripts are stored.
"""

# ------------------------------------------------------------------------------- the tests


def describe_test_suite(figures: Sequence[Sequence]) -> str:
    """A row for each part."""
    rows = [[part, number(seconds), tests] for part, seconds, tests in figures]
    total = sum(seconds for _, seconds, _ in figures), sum(tests for *_, tests in figures)
    rows.append(["**all**", f"**{number(total[0])}**", f"**{total[1]}**"])
    return f"{TEST_SUITE.strip()}\n\n{table(['part', 'time (s)', 'tests'], rows)}"


def test_suite_goals(figures: Sequence[Sequence]) -> list[Goal]:
    """Quick enough to be run."""
    minutes = sum(seconds for _, seconds, _ in figures) / 60
    return [Goal("`make test`, after installation", minutes, 6, "min")]


def test_suite_obstacles(figures: Sequence[Sequence]) -> str:
    """The parts that take longest, and what they do."""
    longest = sorted(figures, key=lambda row: -row[1])[:3]
    said = ", ".join(f"{part} ({number(seconds)} s)" for part, seconds, _ in longest)
    return f"Most of the time goes into {said}. {TEST_SUITE_OBSTACLES.strip()}"


TEST_SUITE_OBSTACLES = """
It goes by in work, not in waiting: every notebook is run by nbval, in JupyterLab and for the site;
every explorer is shown by a browser in both themes and widths, on pages that are JupyterLab as it
is; and what is graded for real is run in kernels and sandboxes of its own.
"""

TEST_SUITE = """
Everything that `make test` runs, by part, after installation.
"""

# ------------------------------------------------------------------------------- the whole

PARTS = {
    "conv2d": Part("conv2d", describe_conv2d, conv2d_goals, conv2d_obstacles),
    "imports": Part("Import", describe_imports, imports_goals, lambda _: IMPORTS_OBSTACLES),
    "memory": Part("Memory of a kernel", describe_memory),
    "explorer_latency": Part(
        "Latency of the explorer", describe_latency, latency_goals, lambda _: LATENCY_OBSTACLES
    ),
    "gif": Part("GIF", describe_gif),
    "grading": Part("Grading", describe_grading),
    "site": Part("The static site", describe_site),
    "test_suite": Part(
        "The test suite", describe_test_suite, test_suite_goals, test_suite_obstacles
    ),
}


def results(records: Mapping[str, Record]) -> str:
    """results.md."""
    goals = {part: PARTS[part].goals(record["figures"]) for part, record in records.items()}
    rows = [goal.row(is_trial(records[part])) for part, found in goals.items() for goal in found]
    sections = [INTRODUCTION.strip(), "## Goals"]
    sections.append(table(["goal", "limit", "measured", "verdict"], rows, left=2))
    for part, found in goals.items():
        if not all(goal.is_met for goal in found):
            text = PARTS[part].obstacles(records[part]["figures"])
            sections.append(f"**{PARTS[part].title}: what stands in the way.** {text.strip()}")
    for part, found in PARTS.items():
        sections.append(f"## {found.title}")
        if part not in records:
            sections.append(f'Not measured yet: `make bench ARGS="{part}"`.')
            continue
        sections.append(found.describe(records[part]["figures"]))
        sections.append(circumstances(records[part]))
    return "\n\n".join(sections) + "\n"


def circumstances(record: Record) -> str:
    """Machine, versions and command of one part, and whether it was alone on the machine."""
    machine, load = record["machine"], record["load"]
    about = [f"{machine['processor']}, {machine['cores']} cores"]
    if machine["memory (GB)"]:
        about.append(f"{machine['memory (GB)']:.0f} GB")
    about += [machine["system"], f"Python {machine['Python']}"]
    about += [f"{name} {version}" for name, version in record["versions"].items()]
    text = (
        f"`{record['command']}`, {record['date']}, {record['seconds']:.0f} s. {', '.join(about)}."
    )
    text += f" Cores busy before the run: {load:.2f}."
    if is_trial(record):
        text += " **The machine was busy with other work, so these figures are a trial.**"
    return text


def is_trial(record: Record) -> bool:
    """Whether the machine had other work when the run began."""
    return record["load"] > BUSY


def readme(records: Mapping[str, Record]) -> str:
    """README's lines about speed: a plot with what it shows in words, as far as measured."""
    writers = {
        "conv2d": readme_conv2d,
        "explorer_latency": readme_latency,
        "imports": readme_imports,
    }
    shown = {part: records[part] for part in writers if part in records}
    sections = [writers[part](record["figures"]) for part, record in shown.items()]
    sections.append(README.strip())
    if any(is_trial(record) for record in shown.values()):
        sections.append("(A trial, on a machine that was busy with other work.)")
    return "\n" + "\n\n".join(sections) + "\n\n"


def readme_conv2d(figures: Mapping[str, list[dict]]) -> str:
    """The means in words, and the plot."""
    means = " and ".join(
        f"{conv2d_means(rows, 'convviz'):.2f} with {in_words(threads)}"
        for threads, rows in figures.items()
    )
    words = (
        "`conv2d` is NumPy alone, and exact for integers. In the geometric mean over the"
        f" {len(figures['1'])} layers below it takes this multiple of PyTorch's time: {means}."
    )
    return f"{words}\n\n{picture('conv2d', f'A row of dots for each layer. {words}')}"


def readme_latency(figures: Mapping) -> str:
    """The drag of a slider in words, and the plot."""
    ours, with_ipympl, with_inline = (
        f"{latency_of(figures, name, 'stride', 'painted'):.0f} ms"
        for name in ("explorer, 8x8", "interact, ipympl", "interact, matplotlib")
    )
    words = (
        f"A step of the stride's slider is on the screen {ours} after the key press in the"
        f" explorer, {with_ipympl} with ipympl, {with_inline} with `interact` and matplotlib:"
        " those two ask the kernel, the explorer does not."
    )
    return f"{words}\n\n{picture('latency', f'Two dots for each way and slider. {words}')}"


def readme_imports(figures: Mapping[str, dict]) -> str:
    """What an import adds."""
    added = next(found["beyond"] for names, found in figures.items() if "convviz" in names)
    milliseconds, megabytes = (
        f"{added[unit]['median']:.0f}" for unit in ("milliseconds", "megabytes")
    )
    return f"`import convviz` adds {milliseconds} ms and {megabytes} MB to NumPy and ipywidgets."


def picture(name: str, alt: str) -> str:
    """A plot in light or dark, as the reader's page is."""
    folder = "benchmarks/results"
    alt = alt.replace("`", "")
    return (
        "<picture>\n"
        f'  <source media="(prefers-color-scheme: dark)" srcset="{folder}/{name}-dark.svg">\n'
        f'  <img src="{folder}/{name}-light.svg" width="560" alt="{alt}">\n'
        "</picture>"
    )


README = """
More figures (memory, GIFs, grading, the site, the tests), each with its machine, versions and
command, and which goals are missed and why: [results](benchmarks/results.md). `make bench` measures
everything again.
"""

INTRODUCTION = """
# How fast

`make bench` measures all of this and writes it; `make bench ARGS="conv2d imports"` measures parts
again. Every number and every verdict here is computed from [the figures](results), which are kept
with the machine, the versions and how busy it was before each run. A ratio is a median of paired
runs; its quartiles stand beside it.
"""
