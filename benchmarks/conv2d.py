"""How long conv2d takes, beside PyTorch, TensorFlow, SciPy and plain loops on the same numbers.

    python benchmarks/conv2d.py [--seconds SECONDS] [LAYER ...]

One image, float32, no bias. Each library gets its arrays in its own layout, made beforehand; before
anything is timed, all must give the same output. A number of threads is a process of its own, since
the libraries read it when they are imported; memory that is freed stays in the process.
"""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

import numpy as np

sys.path.insert(0, str(Path(__file__).parent.parent))  # for benchmarks

from benchmarks import harness
from convviz.geometry import output_size
from convviz.ops import conv2d

PACKAGES = ("numpy", "scipy", "torch", "tensorflow")
THREADS = (1, 2)

# By default glibc gives freed memory back to the system or keeps it, by what was freed before. Then
# a call may have to be given its output page by page, which makes the same ratio anything from a
# third to double. So all of it is kept, for every library.
ENVIRONMENT = {
    "MALLOC_MMAP_THRESHOLD_": str(2**30),
    "MALLOC_TRIM_THRESHOLD_": str(2**30),
    "MALLOC_TOP_PAD_": str(2**26),
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "CUDA_VISIBLE_DEVICES": "-1",
}

SLOW_ROUNDS = 3
SLOW_SECONDS = 0.5  # SciPy is given as many filters as take about that
SLOW_PRODUCTS = 2_000_000  # plain loops as many output rows as make so many


class Layer(NamedTuple):
    """A convolution's shapes and settings; the kernel steps and is padded alike both ways."""

    input: tuple[int, int, int]
    weight: tuple[int, int, int, int]
    stride: int = 1
    padding: int = 0
    groups: int = 1

    @property
    def output(self) -> tuple[int, int, int]:
        """(C_out, H_out, W_out)."""
        settings = {"stride": self.stride, "padding": self.padding}
        return self.weight[0], *output_size(self.input[1:], self.weight[2:], **settings)

    @property
    def products(self) -> int:
        """Multiply-accumulates."""
        return int(np.prod(self.output) * np.prod(self.weight[1:]))


LAYERS = {
    "AlexNet, first": Layer((3, 224, 224), (64, 3, 11, 11), stride=4, padding=2),
    "ResNet, stem": Layer((3, 224, 224), (64, 3, 7, 7), stride=2, padding=3),
    "ResNet 3x3, 64 at 56x56": Layer((64, 56, 56), (64, 64, 3, 3), padding=1),
    "VGG 3x3, 64 at 224x224": Layer((64, 224, 224), (64, 64, 3, 3), padding=1),
    "VGG 3x3, 256 at 56x56": Layer((256, 56, 56), (256, 256, 3, 3), padding=1),
    "VGG 3x3, 512 at 14x14": Layer((512, 14, 14), (512, 512, 3, 3), padding=1),
    "Inception 1x1": Layer((192, 28, 28), (64, 192, 1, 1)),
    "ResNet 1x1": Layer((256, 56, 56), (64, 256, 1, 1)),
    "MobileNet depthwise": Layer((128, 56, 56), (128, 1, 3, 3), padding=1, groups=128),
    "depthwise, stride 2": Layer((128, 56, 56), (128, 1, 3, 3), stride=2, padding=1, groups=128),
    "lesson, 2 of 4x4": Layer((2, 4, 4), (2, 2, 3, 3)),
    "lesson, 1 of 8x8": Layer((1, 8, 8), (1, 1, 3, 3), padding=1),
    "lesson, 3 of 16x16": Layer((3, 16, 16), (4, 3, 3, 3), padding=1),
}


class Contender(NamedTuple):
    """One library's way to compute a layer, or the first part of it."""

    run: harness.Function
    as_array: Callable[[object], np.ndarray]  # (filters, rows, W_out), of what `run` gives
    share: float = 1.0  # of the whole layer that `run` computes


def measure(
    layers: Iterable[str] = LAYERS, threads: Iterable[int] = THREADS, seconds: float = 4
) -> dict[str, list[dict]]:
    """For each number of threads, as text, what `measure_layer` says of each layer."""
    results = {}
    for count in threads:
        command = [sys.executable, __file__, "--worker", str(count), "--seconds", str(seconds)]
        variables = dict.fromkeys(harness.THREAD_VARIABLES, str(count))
        finished = subprocess.run(
            [*command, *layers],
            env=os.environ | ENVIRONMENT | variables,
            stdout=subprocess.PIPE,
            check=True,
            text=True,
        )
        results[str(count)] = json.loads(finished.stdout)
    return results


def measure_layer(name: str, seconds: float, slow: bool = True) -> dict:
    """Milliseconds of each library, and how many times PyTorch's time that is.

    Parameters
    ----------
    name : one of `LAYERS`
    seconds : for the libraries that are about as fast as each other
    slow : also SciPy and plain loops, which use one thread whatever they may
    """
    layer = LAYERS[name]
    rng = np.random.default_rng(0)
    x = rng.standard_normal(layer.input, dtype=np.float32)
    w = rng.standard_normal(layer.weight, dtype=np.float32)
    torch = in_torch(layer, x, w)
    fast = {
        "convviz": in_convviz(layer, x, w),
        "PyTorch": torch,
        "TensorFlow": in_tensorflow(layer, x, w),
    }
    others = {"SciPy": in_scipy(layer, x, w), "plain loops": in_loops(layer, x, w)} if slow else {}
    expected = torch.as_array(torch.run())
    for contender in (fast | others).values():
        check(contender.as_array(contender.run()), expected)

    times = in_turn(fast, seconds, least=7)
    compared = {library: harness.ratios(times[library], times["PyTorch"]) for library in times}
    if others:
        slow_times = in_turn({"PyTorch": torch, **others}, 0, least=SLOW_ROUNDS)
        for library in others:
            times[library] = slow_times[library]
            compared[library] = harness.ratios(slow_times[library], slow_times["PyTorch"])
    return {
        "layer": name,
        **layer._asdict(),
        "milliseconds": {k: 1e3 * harness.spread(v).median for k, v in times.items()},
        "ratio": {k: v._asdict() for k, v in compared.items()},
        "share": {k: v.share for k, v in others.items()},
    }


def in_turn(contenders: dict[str, Contender], seconds: float, least: int) -> dict:
    """Seconds of the whole layer, round by round."""
    runs = {name: contender.run for name, contender in contenders.items()}
    times = harness.time_in_turn(runs, seconds=seconds, least=least)
    return {name: [t / contenders[name].share for t in times[name]] for name in times}


def check(part: np.ndarray, expected: np.ndarray) -> None:
    """Refuse to time what is not the same convolution."""
    filters, rows, columns = part.shape
    expected = expected[:filters, :rows]
    if columns != expected.shape[-1] or part.dtype.kind != "f":
        raise AssertionError(f"{part.shape} of {part.dtype}, but {expected.shape} expected")
    np.testing.assert_allclose(part, expected, rtol=0, atol=1e-4 * np.abs(expected).max())


# ------------------------------------------------------------------------------- the contenders


def in_convviz(layer: Layer, x: np.ndarray, w: np.ndarray) -> Contender:
    """As a caller of convviz writes it."""
    settings = {"stride": layer.stride, "padding": layer.padding, "groups": layer.groups}
    return Contender(lambda: conv2d(x, w, **settings), np.asarray)


def in_torch(layer: Layer, x: np.ndarray, w: np.ndarray) -> Contender:
    """(N, C, H, W), which is PyTorch's own."""
    import torch

    image, weight = torch.from_numpy(x)[None], torch.from_numpy(w)
    conv2d_in_torch = torch.nn.functional.conv2d
    settings = {"stride": layer.stride, "padding": layer.padding, "groups": layer.groups}
    return Contender(lambda: conv2d_in_torch(image, weight, **settings), lambda y: y[0].numpy())


def in_tensorflow(layer: Layer, x: np.ndarray, w: np.ndarray) -> Contender:
    """(N, H, W, C), which is TensorFlow's own; eager, as PyTorch's is."""
    import tensorflow as tf

    image = tf.constant(x.transpose(1, 2, 0)[None])
    depthwise = layer.groups > 1  # of all groups, LAYERS has only these
    weight = tf.constant(w.transpose(2, 3, 0, 1) if depthwise else w.transpose(2, 3, 1, 0))
    convolve = tf.nn.depthwise_conv2d if depthwise else tf.nn.conv2d
    sides = [layer.padding] * 2
    padding = [[0, 0], sides, sides, [0, 0]] if layer.padding else "VALID"
    strides = [1, layer.stride, layer.stride, 1]
    return Contender(
        lambda: convolve(image, weight, strides=strides, padding=padding),
        lambda y: y.numpy()[0].transpose(2, 0, 1),
    )


def in_scipy(layer: Layer, x: np.ndarray, w: np.ndarray) -> Contender:
    """`correlate` of all channels at once, filter by filter; every step-th cell of its output."""
    from scipy.signal import correlate

    channels, around, step = layer.weight[1], layer.padding, layer.stride
    per_group = layer.weight[0] // layer.groups

    def convolve(filters):
        padded = np.pad(x, ((0, 0), (around, around), (around, around)))
        maps = []
        for k in range(filters):
            first = k // per_group * channels
            image = padded[first : first + channels]
            maps.append(correlate(image, w[k], mode="valid")[0, ::step, ::step])
        return np.stack(maps)

    one = harness.time_once(lambda: convolve(1))
    filters = min(max(int(SLOW_SECONDS / one), 1), layer.weight[0])
    return Contender(lambda: convolve(filters), np.asarray, filters / layer.weight[0])


def in_loops(layer: Layer, x: np.ndarray, w: np.ndarray) -> Contender:
    """Six loops over lists of Python's own numbers."""
    (_, channels, kernel_height, kernel_width), (_, height, width) = layer.weight, layer.output
    per_group, step, around = layer.weight[0] // layer.groups, layer.stride, layer.padding
    padded = np.pad(x, ((0, 0), (around, around), (around, around))).tolist()
    weight = w.tolist()

    def convolve(filters, rows):
        maps = []
        for k in range(filters):
            first = k // per_group * channels
            maps.append([[0.0] * width for _ in range(rows)])
            for i in range(rows):
                for j in range(width):
                    total = 0.0
                    for c in range(channels):
                        for u in range(kernel_height):
                            for v in range(kernel_width):
                                cell = padded[first + c][i * step + u][j * step + v]
                                total += cell * weight[k][c][u][v]
                    maps[k][i][j] = total
        return maps

    filters, rows = layer.weight[0], height
    if layer.products > SLOW_PRODUCTS:
        filters = 1
        a_row = width * channels * kernel_height * kernel_width
        rows = min(max(SLOW_PRODUCTS // a_row, 1), height)
    share = filters * rows / (layer.weight[0] * height)
    return Contender(lambda: convolve(filters, rows), np.asarray, share)


# ------------------------------------------------------------------------------- the processes


def work(threads: int, layers: Iterable[str], seconds: float) -> list[dict]:
    """Measure in this process, whose environment names the number of threads."""
    import tensorflow as tf
    import torch

    torch.set_num_threads(threads)
    tf.config.threading.set_intra_op_parallelism_threads(threads)
    tf.config.threading.set_inter_op_parallelism_threads(threads)
    with torch.inference_mode():
        return [measure_layer(name, seconds, slow=threads == 1) for name in layers]


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("layers", nargs="*", metavar="LAYER", help=f"(default: all) {[*LAYERS]}")
    parser.add_argument("--seconds", type=float, default=4, help="for each layer (default 4)")
    parser.add_argument("--worker", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    layers = options.layers or list(LAYERS)
    if options.worker:
        json.dump(work(options.worker, layers, options.seconds), sys.stdout)
        return
    from benchmarks.report import describe_conv2d

    print(describe_conv2d(measure(layers, seconds=options.seconds)))


if __name__ == "__main__":
    main()
