"""How long conv2d takes, beside PyTorch's on the same numbers.

    python benchmarks/conv2d.py [--seconds SECONDS]

One image, float32, one thread each, no bias. The two run in turn, each pair giving one ratio, so
that whatever else the machine does meets both; the median of the ratios is shown. What is measured
is processor time, which leaves out the time that other programs were given.
"""

import argparse
import math
import os
import platform
import statistics
import sys
import time
from pathlib import Path

import numpy as np
import torch

from convviz.ops import conv2d

ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}

# Name: shape of the input, shape of the weights, settings.
LAYERS = {
    "AlexNet, first": ((3, 224, 224), (64, 3, 11, 11), {"stride": 4, "padding": 2}),
    "ResNet, first": ((3, 224, 224), (64, 3, 7, 7), {"stride": 2, "padding": 3}),
    "ResNet 3x3, 64 channels": ((64, 56, 56), (64, 64, 3, 3), {"padding": 1}),
    "VGG 3x3, 256 channels": ((256, 56, 56), (256, 256, 3, 3), {"padding": 1}),
    "Inception 1x1": ((192, 28, 28), (64, 192, 1, 1), {}),
    "ResNet 1x1": ((256, 56, 56), (64, 256, 1, 1), {}),
    "MobileNet depthwise": ((128, 56, 56), (128, 1, 3, 3), {"padding": 1, "groups": 128}),
    "lesson, two channels of 4x4": ((2, 4, 4), (2, 2, 3, 3), {}),
    "lesson, 8x8 with padding": ((1, 8, 8), (1, 1, 3, 3), {"padding": 1}),
}


def compare(x_shape, w_shape, settings, seconds: float) -> tuple[float, float, float]:
    """Milliseconds of conv2d and of PyTorch, and the ratio; each the median of many."""
    rng = np.random.default_rng(0)
    x = rng.standard_normal((1, *x_shape), dtype=np.float32)
    w = rng.standard_normal(w_shape, dtype=np.float32)
    x_torch, w_torch = torch.from_numpy(x), torch.from_numpy(w)
    conv2d_in_torch = torch.nn.functional.conv2d

    def ours():
        return conv2d(x, w, **settings)

    def theirs():
        return conv2d_in_torch(x_torch, w_torch, **settings)

    np.testing.assert_allclose(ours(), theirs().numpy(), rtol=0, atol=2e-3)
    # Reading the clock takes as long as a call of microseconds.
    calls = math.ceil(0.1 / timed(theirs, 10))
    times = []
    end = time.perf_counter() + seconds
    while time.perf_counter() < end or len(times) < 10:
        times.append((timed(ours, calls), timed(theirs, calls)))
    ratios = [mine / other for mine, other in times]
    mine, other = zip(*times, strict=True)
    return statistics.median(mine), statistics.median(other), statistics.median(ratios)


def timed(function, calls: int) -> float:
    """Milliseconds of all threads for one call."""
    start = time.process_time()
    for _ in range(calls):
        function()
    return (time.process_time() - start) / calls * 1e3


def processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        return next(line.partition(": ")[2] for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or platform.machine()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=3, help="for each layer (default 3)")
    seconds = parser.parse_args().seconds

    if not ONE_THREAD.items() <= os.environ.items():
        # The libraries read these when they are imported, so that it is too late for this process.
        os.execve(sys.executable, [sys.executable, *sys.argv], os.environ | ONE_THREAD)
    torch.set_num_threads(1)
    versions = f"Python {platform.python_version()}, NumPy {np.__version__}"
    print(f"{processor()}, one thread; {versions}, PyTorch {torch.__version__}\n")
    print("| layer | input | weight | convviz (ms) | PyTorch (ms) | ratio |")
    print("|---|---|---|---:|---:|---:|")
    ratios = []
    with torch.inference_mode():
        for name, (x_shape, w_shape, settings) in LAYERS.items():
            ours, theirs, ratio = compare(x_shape, w_shape, settings, seconds)
            ratios.append(ratio)
            shapes = " | ".join("x".join(map(str, shape)) for shape in (x_shape, w_shape))
            print(f"| {name} | {shapes} | {ours:.3g} | {theirs:.3g} | {ratio:.2f} |", flush=True)
    print(f"| geometric mean | | | | | {statistics.geometric_mean(ratios):.2f} |")


if __name__ == "__main__":
    main()
