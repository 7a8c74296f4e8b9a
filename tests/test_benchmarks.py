"""The benchmarks: their arithmetic exactly, and each measurement on something tiny.

No time is asserted. What README and results.md say must be what the kept figures give.
"""

import itertools
import json
import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import numpy as np
import pytest

from benchmarks import conv2d, gif, grading, harness, imports, report, run, site

ROOT = Path(__file__).parent.parent
RECORDS = run.read_records()


# ------------------------------------------------------------------------------- the harness


def test_geometric_mean():
    assert harness.geometric_mean([0.5, 2]) == pytest.approx(1)
    assert harness.geometric_mean([1, 10, 100]) == pytest.approx(10)
    for bad in [], [1, 0], [-1, 2]:
        with pytest.raises(ValueError, match="greater than 0"):
            harness.geometric_mean(bad)


def test_spread():
    assert harness.spread([4, 1, 3, 2, 5]) == (3, 2, 4, 5)
    assert harness.spread([7]) == (7, 7, 7, 1)


def test_ratios_are_of_each_round_not_of_the_medians():
    assert harness.ratios([1, 10, 6], of=[1, 5, 2]).median == 2
    with pytest.raises(ValueError):
        harness.ratios([1, 2], of=[1])


def test_every_function_has_its_turn_in_every_round(monkeypatch):
    clock = itertools.count()
    monkeypatch.setattr(harness.time, "perf_counter", lambda: float(next(clock)))
    monkeypatch.setattr(harness.time, "sleep", lambda seconds: None)
    called = []
    functions = {name: lambda name=name: called.append(name) for name in "abc"}
    times = harness.time_in_turn(functions, seconds=0, least=6)
    assert {name: len(each) for name, each in times.items()} == dict.fromkeys("abc", 6)
    rounds = np.reshape(called[6:], (6, 3, 2))  # 6 calls tell how long each takes
    assert (rounds[..., 0] == rounds[..., 1]).all()  # one that does not count, then a block of one
    orders = ["".join(order) for order in rounds[..., 0]]
    assert all(sorted(order) == ["a", "b", "c"] for order in orders)
    assert len(set(orders)) > 1


def test_a_block_is_the_mean_of_its_calls(monkeypatch):
    clock = iter([10.0, 13.0])
    monkeypatch.setattr(harness.time, "perf_counter", lambda: next(clock))
    called = []
    assert harness.time_block(lambda: called.append(1), calls=4) == 0.75
    assert len(called) == 5


def test_the_machine_does_not_tell_whose_it_is():
    import getpass
    import platform

    about = json.dumps(harness.machine())
    assert {"processor", "cores", "system", "Python"} < harness.machine().keys()
    assert platform.node() not in about and str(Path.home()) not in about
    assert getpass.getuser() not in about.split()


# ------------------------------------------------------------------------------- the report


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (0.9876, "0.988"), (1, "1"), (12.34, "12.3"), (150, "150"), (15164, "15 164")],
)
def test_numbers(value, text):
    assert report.number(value) == text


def test_table():
    assert report.table(["a", "b"], [["x", 1], ["y", 2.5]]) == (
        "| a | b |\n| --- | ---: |\n| x | 1 |\n| y | 2.5 |"
    )


def test_goals_are_met_up_to_the_limit():
    assert report.Goal("g", 1, 1).verdict() == "met"
    assert report.Goal("g", 5, 4, "ms").verdict() == "**missed** by 1 ms (25%)"
    assert report.Goal("g", 0.981, 1).row(False) == ("g", "at most 1", "0.981", "met")
    assert report.Goal("g", 2, 1).row(True)[3] == (
        "**missed** by 1 (100%), in a trial on a busy machine"
    )
    assert report.Goal("g", 1, 0, "modules").verdict() == "**missed** by 1 modules"


def ratio_rows(*ratios):
    spread = [{"median": r, "low": r, "high": r, "count": 3} for r in ratios]
    return [{"layer": f"layer {k}", "ratio": {"convviz": s}} for k, s in enumerate(spread)]


def test_conv2d_goals():
    one, two = report.conv2d_goals({"1": ratio_rows(0.5, 2), "2": ratio_rows(1, 1.21)})
    assert one.is_met and one.value == pytest.approx(1)
    assert not two.is_met and two.value == pytest.approx(1.1)
    said = report.conv2d_obstacles({"1": ratio_rows(0.5, 2), "2": ratio_rows(1, 1.21)})
    assert "one thread: layer 1 (2.00)." in said and "two threads: layer 1 (1.21)." in said


def test_what_fails_a_goal_says_what_stands_in_the_way():
    def record(figures):
        return {
            "command": "make bench",
            "date": "today",
            "seconds": 1,
            "load": 5.0,
            "machine": harness.machine(),
            "versions": {"numpy": "1"},
            "figures": figures,
        }

    quick = report.results({"test_suite": record([["docs", 100, 7], ["browser", 200, 9]])})
    assert "| `make test`, after installation | at most 6 min | 5 min | met, in a trial" in quick
    assert "stands in the way" not in quick and "Not measured yet" in quick
    slow = report.results({"test_suite": record([["docs", 132, 7], ["browser", 300, 9]])})
    assert "| 7.2 min | **missed** by 1.2 min (20%), in" in slow
    assert "Most of the time goes into browser (300 s), docs (132 s)." in slow
    assert "| **all** | **432** | **16** |" in slow
    assert "these figures are a trial" in slow


def test_part_names_are_modules():
    for part in report.PARTS:
        assert (ROOT / "benchmarks" / f"{part}.py").exists()


def test_kept_figures_have_four_digits_and_come_back(tmp_path, monkeypatch):
    monkeypatch.setattr(run, "RESULTS", tmp_path)
    run.keep({"part": "gif", "figures": [{"a": 1.23456, "b": {"c": [1, 2]}, "d": "ü [x] {y}"}]})
    expected = {"part": "gif", "figures": [{"a": 1.235, "b": {"c": [1, 2]}, "d": "ü [x] {y}"}]}
    assert run.read_records() == {"gif": expected}


# ------------------------------------------------------------------------------- what is committed


def test_results_are_what_the_figures_give():
    assert (ROOT / "benchmarks" / "results.md").read_text(encoding="utf-8") == report.results(
        RECORDS
    )


def test_readme_says_what_the_figures_give():
    readme = run.README.read_text(encoding="utf-8")
    _, begin, rest = readme.partition(run.BEGIN)
    said, end, _ = rest.partition(run.END)
    assert begin and end
    assert said == report.readme(RECORDS)


def test_plots_are_what_the_figures_give(tmp_path):
    from benchmarks import plots

    paths = plots.draw(RECORDS, tmp_path)
    assert paths
    for path in paths:
        # Another machine's arithmetic may differ in a last digit.
        kept, drawn = (words_and_numbers(p) for p in (run.RESULTS / path.name, path))
        assert kept[0] == drawn[0]
        np.testing.assert_allclose(kept[1], drawn[1], atol=0.01)


def words_and_numbers(path):
    text = path.read_text(encoding="utf-8")
    ElementTree.fromstring(text)
    number = r"-?\d+\.?\d*(?:e-?\d+)?"
    return re.sub(number, "0", text), np.array(re.findall(number, text), float)


def test_figures_tell_nothing_of_the_machine_but_what_matters():
    for path in (ROOT / "benchmarks" / "results").iterdir():
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"/(home|root|tmp|work|Users)/|127\.0\.0\.1|localhost", text), path


# ------------------------------------------------------------------------------- the measurements


@pytest.mark.parametrize("name", ["lesson, 2 of 4x4", "depthwise, stride 2"])
def test_a_layer(name, monkeypatch):
    monkeypatch.setattr(conv2d, "SLOW_PRODUCTS", 20_000)
    monkeypatch.setattr(conv2d, "SLOW_SECONDS", 0.001)
    row = conv2d.measure_layer(name, seconds=0)
    libraries = {"convviz", "PyTorch", "TensorFlow", "SciPy", "plain loops"}
    assert row["milliseconds"].keys() == row["ratio"].keys() == libraries
    assert all(t > 0 for t in row["milliseconds"].values())
    assert row["ratio"]["PyTorch"] == {"median": 1, "low": 1, "high": 1, "count": 7}
    assert (row["share"]["plain loops"] < 1) == (name != "lesson, 2 of 4x4")
    text = report.describe_conv2d({"1": [row]})
    assert f"| {name} |" in text and "| **geometric mean** |" in text
    assert text.count("~") == 1 + sum(share < 1 for share in row["share"].values())


@pytest.mark.parametrize("name", conv2d.LAYERS)
def test_layers_are_convolutions(name):
    layer = conv2d.LAYERS[name]
    assert layer.weight[1] * layer.groups == layer.input[0]
    assert layer.groups in (1, layer.input[0])  # as TensorFlow's part takes it
    assert layer.products == np.prod(layer.output) * np.prod(layer.weight[1:])


def test_what_differs_is_not_timed():
    expected = np.ones((2, 4, 5))
    conv2d.check(np.ones((1, 3, 5)), expected)
    wrong = np.ones((2, 4, 5))
    wrong[1, 3, 4] = 1.01
    for part in wrong, np.ones((2, 4, 4)), np.ones((2, 4, 5), int):
        with pytest.raises(AssertionError):
            conv2d.check(part, expected)


def test_imports():
    pytest.importorskip("psutil")
    figures = imports.measure([imports.BASE, imports.WITH_CONVVIZ], rounds=2)
    assert figures[imports.BASE]["beyond"]["milliseconds"]["median"] == 0
    found = figures[imports.WITH_CONVVIZ]
    assert found["heavy"] == [] and found["beyond"]["megabytes"]["median"] > 0
    assert len(report.imports_goals(figures)) == 2
    assert report.describe_imports(figures).count("`import numpy, ipywidgets") == 2


def test_gif():
    (row,) = gif.measure(["worked example"], pairs=1)
    assert row["frames"] > 4 and row["pixels"][0] == gif.WIDTH
    assert row["ratio"]["count"] == 1
    assert "| worked example |" in report.describe_gif([row])


def test_memory():
    pytest.importorskip("psutil")
    from benchmarks import memory

    rows = memory.measure(kernels=["idle"])
    assert [row["process"] for row in rows] == ["JupyterLab's server", "kernel: idle"]
    assert all(0 < row["own"] < row["rss"] <= row["peak"] for row in rows)
    assert "| kernel: idle |" in report.describe_memory(rows)


def test_a_course_has_its_submissions(tmp_path):
    pytest.importorskip("nbgrader")
    grading.make_course(tmp_path, "output-sizes", count=3)
    assert [path.name for path in sorted((tmp_path / "inbox").iterdir())] == [
        "s000.ipynb",
        "s001.ipynb",
        "s002.ipynb",
    ]


def test_sizes_of_a_page(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "page.html").write_bytes(b"x" * 5000)
    (tmp_path / "font.woff2").write_bytes(b"y" * 2000)
    base = "http://host/"
    urls = [base + "a/page.html", base + "font.woff2?1", base + "missing", "data:,", "http://b/c"]
    kilobytes = site.sizes(tmp_path, base, urls)
    assert (kilobytes["page"], kilobytes["all"]) == (5, 7)
    assert 2 < kilobytes["compressed"] < 2.1


def test_grading_and_site_and_latency_are_told():
    spread = harness.spread([1.0, 2.0, 4.0])._asdict()
    course = {"assignment": "a", "workers": 2, "submissions": 10}
    told = report.describe_grading([course | {"each": 1.5, "nothing": 3, "class": 303}])
    assert "| a | 2 | 1.5 | 3 | 5.05 |" in told and "10 submissions" in told
    times = dict.fromkeys(("text", "picture", "answer", "work", "again"), spread)
    size = {"page": 1, "all": 20, "compressed": 3}
    page = {"page": "p", "kilobytes": size, "milliseconds": times}
    told = report.describe_site({"chromium": "1", "build": 60.2, "pages": [page]})
    assert "| p | 1 | 20 | 3 | 2 | 2 | 2 | 2 | 2 |" in told and "60 s to build" in told
    rows = [
        {"picture": name, "slider": slider, "changed": spread, "painted": spread}
        for name in ("explorer, 8x8", "explorer, 16x16, 3 channels to 4")
        for slider in ("stride", "position")
    ]
    figures = {"chromium": "1", "pictures": rows}
    assert "| explorer, 8x8 | stride | 2 (1.5 to 3) | 2 (1.5 to 3) |" in report.describe_latency(
        figures
    )
    assert [goal.limit for goal in report.latency_goals(figures)] == [4, 4, 8, 8]
