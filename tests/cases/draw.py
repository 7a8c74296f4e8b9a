"""Draw the convolutions in convolutions.json: ``python -m tests.cases.draw``.

Nothing of convviz is asked here. How large an output is, is counted out on a strip of cells, so the
file says what is right, not what the package makes of it.
"""

import itertools
import json
from pathlib import Path
from random import Random

FILE = Path(__file__).with_name("convolutions.json")
SEED = 20261122

PADDINGS = ("number", "pair", "sides", "same", "valid")
MODES = ("zeros", "reflect", "replicate", "circular")
GROUPS = ("one", "several", "depthwise", "multiplier")
ROUNDS = 4  # of every padding in every mode, zeros twice, with every kind of groups

KERNELS = (*itertools.permutations(range(1, 6), 2), (1, 1))

# Settings that no layer has. Each is tried on 4 channels of 6 x 7 cells with kernels of 2 x 3.
WRONG = (
    *({"stride": stride} for stride in (0, -1, (1, 0), (-2, 1), 1.5, (1, 1, 1))),
    *({"dilation": dilation} for dilation in (0, -1, (0, 1), (2, -2), 0.5)),
    *({"padding": padding} for padding in (-1, (0, -1), ((0, 0), (-1, 1)), 0.5, "SAME", "full")),
    *({"padding": -1, "padding_mode": mode} for mode in MODES[1:]),
    *({"padding_mode": mode} for mode in ("constant", "symmetric", "Reflect")),
    {"groups": 0, "weight": (4, 4, 2, 3)},
    {"groups": -1, "weight": (4, 4, 2, 3)},
    {"groups": 3, "weight": (3, 1, 2, 3)},
    {"groups": 2, "weight": (3, 2, 2, 3)},
    {"groups": 2, "weight": (4, 4, 2, 3)},
    {"groups": 4, "weight": (4, 2, 2, 3)},
    {"weight": (4, 3, 2, 3)},
    {"weight": (4, 5, 2, 3)},
)


def pair_or_number(random: Random, choices) -> int | list[int]:
    """One for both axes, or one for each."""
    one, other = random.choice(choices), random.choice(choices)
    return one if random.random() < 0.4 else [one, other]


def as_pair(value) -> list[int]:
    return value if isinstance(value, list) else [value, value]


def draw_channels(random: Random, kind: str) -> tuple[int, int, int]:
    """Channels in and out, and groups."""
    if kind == "one":
        return random.randint(1, 8), random.randint(1, 8), 1
    if kind == "several":
        groups = random.choice((2, 2, 2, 3, 4))
        most = 8 // groups
        return groups * random.randint(2, most), groups * random.randint(1, most), groups
    groups = random.randint(2, 8 if kind == "depthwise" else 4)
    multiplier = 1 if kind == "depthwise" else random.randint(2, 8 // groups)
    return groups, groups * multiplier, groups


def draw_padding(random: Random, kind: str):
    if kind == "number":
        return random.randint(0, 3)
    if kind == "pair":
        return [random.randint(0, 3), random.randint(0, 3)]
    if kind == "sides":
        return [[random.randint(0, 4), random.randint(0, 3)] for _ in "HW"]
    return kind


def lay_down(cells: int, kernel: int, stride: int, dilation: int) -> int:
    """How often the kernel can be laid on a strip of so many cells."""
    places = 0
    while places * stride + (kernel - 1) * dilation < cells:
        places += 1
    return places


def sides_of(padding, axis: int, cells: int, kernel: int, stride: int, dilation: int) -> list[int]:
    """Cells before and after; for "same" the fewest that make a place at every stride-th cell."""
    if padding == "valid":
        return [0, 0]
    if padding == "same":
        wanted = len(range(0, cells, stride))
        total = 0
        while lay_down(cells + total, kernel, stride, dilation) < wanted:
            total += 1
        return [total // 2, total - total // 2]
    value = as_pair(padding)[axis]
    return as_pair(value)


def find_output(case: dict) -> dict:
    """The output's shape, or why there is none."""
    *batch, _, height, width = case["input"]
    c_out, _, *kernel = case["weight"]
    size = []
    for axis, cells in enumerate((height, width)):
        stride, dilation = (as_pair(case[name])[axis] for name in ("stride", "dilation"))
        sides = sides_of(case["padding"], axis, cells, kernel[axis], stride, dilation)
        most = {"reflect": cells - 1, "circular": cells}.get(case["padding_mode"], 99)
        if max(sides) > most:
            return {"refused": "padding too wide"}
        size.append(lay_down(sides[0] + cells + sides[1], kernel[axis], stride, dilation))
    return {"output": [*batch, c_out, *size]} if all(size) else {"refused": "no output"}


def draw(random: Random, padding: str, mode: str, groups: str) -> dict:
    """A case, whether or not it has an output."""
    c_in, c_out, groups = draw_channels(random, groups)
    batch = random.choice(([], [1], [2], [3]))
    # Keras has no layer with a stride and a dilation, so half of them have none.
    dilations = random.choice(((1,), (1, 2, 3)))
    return {
        "input": [*batch, c_in, *random.sample(range(1, 13), 2)],
        "weight": [c_out, c_in // groups, *random.choice(KERNELS)],
        "bias": random.random() < 0.6,
        "numbers": random.choice(("integers", "floats")),
        "stride": pair_or_number(random, (1, 1, 2, 3)),
        "padding": draw_padding(random, padding),
        "dilation": pair_or_number(random, dilations),
        "groups": groups,
        "padding_mode": mode,
    }


def draw_until(random: Random, wanted: str, *kinds: str) -> dict:
    """A case with an output, or one that is refused for the reason wanted."""
    while True:
        case = draw(random, *kinds)
        found = find_output(case)
        if wanted in (*found, *found.values()):
            return case | found


def draw_all() -> list[dict]:
    random = Random(SEED)
    kinds = list(itertools.product(PADDINGS, ("zeros", *MODES), GROUPS))
    cases = [draw_until(random, "output", *kind) for _ in range(ROUNDS) for kind in kinds]
    for padding, mode in itertools.product(PADDINGS, MODES):
        if padding != "same":  # it always makes room
            cases.append(draw_until(random, "no output", padding, mode, random.choice(GROUPS)))
        if padding != "valid" and mode in ("reflect", "circular"):
            for _ in range(2):
                groups = random.choice(GROUPS)
                cases.append(draw_until(random, "padding too wide", padding, mode, groups))
    usual = {"input": (2, 4, 6, 7), "weight": (4, 4, 2, 3), "bias": True, "numbers": "integers"}
    usual |= {"stride": 1, "padding": "valid", "dilation": 1, "groups": 1, "padding_mode": "zeros"}
    cases += [usual | wrong | {"refused": "wrong setting"} for wrong in WRONG]
    random.shuffle(cases)  # so that any part of them is a fair sample
    return cases


def write(cases: list[dict]) -> str:
    """As JSON, a line for each case; its number is the seed of its values."""
    lines = [json.dumps({"seed": seed} | case) for seed, case in enumerate(cases)]
    return "[\n" + ",\n".join(lines) + "\n]\n"


if __name__ == "__main__":
    FILE.write_text(write(draw_all()), encoding="utf-8")
