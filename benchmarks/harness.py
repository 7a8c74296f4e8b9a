"""What all benchmarks share: fair rounds, their statistics, and the machine that they ran on."""

from __future__ import annotations

import importlib.metadata
import math
import os
import platform
import random
import re
import statistics
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from convviz.threads import count_cores

Function = Callable[[], object]

THREAD_VARIABLES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")

BLOCK = 0.02  # seconds; less than that is timed as several calls, for reading a clock takes time
PAUSE = 0.02  # seconds between blocks, in which another library's idle threads go to sleep


class Spread(NamedTuple):
    """The median of some numbers, and what a quarter of them stays below, or above."""

    median: float
    low: float
    high: float
    count: int


def spread(values: Iterable[float]) -> Spread:
    """The median and the quartiles."""
    values = list(values)
    if len(values) == 1:
        return Spread(values[0], values[0], values[0], 1)
    low, median, high = statistics.quantiles(values, n=4, method="inclusive")
    return Spread(median, low, high, len(values))


def geometric_mean(ratios: Iterable[float]) -> float:
    """The mean of ratios: twice as fast and half as fast cancel out.

    Raises
    ------
    ValueError
        If there is none, or one is not greater than 0.
    """
    ratios = list(ratios)
    if not ratios or min(ratios) <= 0:
        raise ValueError(f"ratios must be greater than 0, and at least one, but are {ratios}.")
    return math.exp(math.fsum(map(math.log, ratios)) / len(ratios))


def time_in_turn(
    functions: Mapping[str, Function], *, seconds: float, least: int = 5
) -> dict[str, list[float]]:
    """Seconds of one call of each function, round by round.

    In every round each function has its turn, in random order, so that whatever else the machine
    does meets all alike. A turn is a call that does not count, and then a block of calls.

    Parameters
    ----------
    functions : dict
    seconds : float
        Begin no round after that, once there were `least`.
    least : int
    """
    calls = {name: math.ceil(BLOCK / time_once(function)) for name, function in functions.items()}
    times: dict[str, list[float]] = {name: [] for name in functions}
    order = list(functions)
    shuffle = random.Random(0).shuffle
    end = time.perf_counter() + seconds
    while len(times[order[0]]) < least or time.perf_counter() < end:
        shuffle(order)
        for name in order:
            time.sleep(PAUSE)
            times[name].append(time_block(functions[name], calls[name]))
    return times


def time_block(function: Function, calls: int) -> float:
    """Seconds of one call, the mean of so many, after one that does not count."""
    function()
    start = time.perf_counter()
    for _ in range(calls):
        function()
    return (time.perf_counter() - start) / calls


def time_once(function: Function) -> float:
    """Seconds of a call that is not the first."""
    function()
    start = time.perf_counter()
    function()
    return time.perf_counter() - start


def ratios(times: Sequence[float], of: Sequence[float]) -> Spread:
    """How many times as long as `of`, round by round."""
    return spread(a / b for a, b in zip(times, of, strict=True))


# ------------------------------------------------------------------------------- the machine


def load() -> float:
    """How many cores other programs keep busy, in the five seconds that this takes."""
    import psutil

    time.sleep(5)  # what ran before may still be ending
    return round(psutil.cpu_percent(interval=5) / 100 * psutil.cpu_count(), 2)


def machine() -> dict[str, str | int | float | None]:
    """The machine, by what matters to speed; nothing that tells whose it is."""
    return {
        "processor": _processor(),
        "cores": count_cores(),
        "memory (GB)": _memory(),
        "system": _system(),
        "Python": platform.python_version(),
    }


def versions(names: Iterable[str]) -> dict[str, str]:
    """The installed version of each package."""
    return {name: importlib.metadata.version(name) for name in names}


def _processor() -> str:
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        text = ""
    found = re.search(r"^model name\s*: (.+)$", text, flags=re.MULTILINE)
    return found[1] if found else platform.processor() or platform.machine()


def _memory() -> float | None:
    try:
        size = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return None
    return round(size / 1e9, 1)


def _system() -> str:
    try:
        name = platform.freedesktop_os_release()["PRETTY_NAME"]
    except (OSError, KeyError):
        name = f"{platform.system()} {platform.release()}"
    return f"{name}, {platform.machine()}"
