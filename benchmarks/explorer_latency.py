"""How long the explorer takes from a key press to the new picture, beside matplotlib's two ways.

    python benchmarks/explorer_latency.py [--steps STEPS]

JupyterLab in a headless Chromium. The explorers; `interact`, which draws a figure anew at every
step; and `interact` that sets the data of a figure of ipympl's (`%matplotlib widget`). The arrow
keys move one slider to and fro, one real key press after the other, each only when the step before
it is in the picture and the kernel has nothing left to do. Both times begin at the time stamp that
the browser gave the key press:

    changed   the last change to the DOM before the next frame, by a MutationObserver, whose call
              comes at the end of the microtasks that made the change
    painted   the first task after the next frame was drawn: requestAnimationFrame, and in it a
              message to oneself

At 60 frames a second, waiting for the frame is 8 ms in the mean, and up to 17. An image from
matplotlib has changed when it is in the DOM, and is painted in the frame after it was decoded; a
figure of ipympl's has changed when other pixels than before were drawn into its canvas. The
medians count, after some steps that do not.
"""

import argparse
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import sync_playwright

sys.path.insert(0, str(Path(__file__).parent.parent))  # for tests, benchmarks

from benchmarks import harness
from tests.browser.conftest import FLAGS, NOTEBOOKS, find_chromium
from tests.browser.lab import Lab, LabServer
from tests.kernel_environment import use_kernel_environment

PACKAGES = ("jupyterlab", "ipywidgets", "anywidget", "matplotlib", "ipympl", "playwright")

SLIDERS = ("stride", "padding", "dilation", "position")
STEPS_BEFORE = 6

IMPORTS = """
import matplotlib.pyplot as plt
import numpy as np
from ipywidgets import interact

import convviz

def draw(size, in_channels, out_channels):
    rng = np.random.default_rng(1)
    input = rng.integers(-4, 6, (in_channels, size, size))
    return input, rng.integers(-3, 4, (out_channels, in_channels, 3, 3))
"""

# What one writes in a notebook without convviz's explorer.
INTERACT = """
input, weight = draw(8, 1, 1)

@interact(stride=(1, 6), padding=(0, 4), dilation=(1, 4), position=(0, 35))
def show(stride=1, padding=0, dilation=1, position=0):
    output = convviz.conv2d(input, weight, stride=stride, padding=padding, dilation=dilation)[0]
    i, j = divmod(position, output.shape[1])
    span = 2 * dilation + 1
    figure, (left, right) = plt.subplots(1, 2, figsize=(7, 3.5))
    left.imshow(np.pad(input[0], padding))
    left.add_patch(plt.Rectangle((j * stride - 0.5, i * stride - 0.5), span, span, fill=False))
    right.imshow(output)
    right.add_patch(plt.Rectangle((j - 0.5, i - 0.5), 1, 1, fill=False))
    plt.show()
"""

# The same with care for speed: everything is made once, and then only set.
IPYMPL = """
%matplotlib widget
input, weight = draw(8, 1, 1)
figure, axes = plt.subplots(1, 2, figsize=(7, 3.5))
images = [ax.imshow(np.zeros((8, 8))) for ax in axes]
frames = [ax.add_patch(plt.Rectangle((0, 0), 1, 1, fill=False)) for ax in axes]

@interact(stride=(1, 6), padding=(0, 4), dilation=(1, 4), position=(0, 35))
def show(stride=1, padding=0, dilation=1, position=0):
    output = convviz.conv2d(input, weight, stride=stride, padding=padding, dilation=dilation)[0]
    i, j = divmod(position, output.shape[1])
    span = 2 * dilation + 1
    for image, data in zip(images, (np.pad(input[0], padding), output)):
        height, width = data.shape
        image.set(data=data, extent=(-0.5, width - 0.5, height - 0.5, -0.5))
        image.autoscale()
    frames[0].set_bounds(j * stride - 0.5, i * stride - 0.5, span, span)
    frames[1].set_bounds(j - 0.5, i - 0.5, 1, 1)
    figure.canvas.draw_idle()
"""


class Picture(NamedTuple):
    """Something that follows its sliders."""

    name: str
    cell: str  # shows it
    selector: str  # what changes in the cell's output
    settle: float = 0  # seconds after each step, for what a kernel may still be sending


# Those of a list are in one notebook: %matplotlib holds for all of it.
NOTEBOOKS_OF_PICTURES = [
    [
        Picture("explorer, 8x8", "convviz.ConvExplorer(*draw(8, 1, 1))", ".convviz-explorer"),
        Picture(
            "explorer, 16x16, 3 channels to 4",
            "convviz.ConvExplorer(*draw(16, 3, 4))",
            ".convviz-explorer",
        ),
        Picture("interact, matplotlib, 8x8", INTERACT, ".widget-interact", settle=0.05),
    ],
    [Picture("interact, ipympl, 8x8", IPYMPL, ":scope", settle=0.1)],
]

# Makes window.step, a promise of both times of the next key press.
EXPECT_STEP = """
root => {
    const images = () => [...root.querySelectorAll('img')];
    const before = new Set(images().map(image => image.src));
    const canvas = root.querySelector('.jupyter-matplotlib-canvas-div canvas');
    const pixels = canvas?.toDataURL();
    const nextFrame = () => new Promise(resolve => requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => resolve(performance.now());
        port2.postMessage(null);
    }));
    window.step = new Promise(resolve => {
        let pressed, changed;
        const finish = async image => {
            await image?.decode();
            const painted = await nextFrame();
            stop();
            resolve([changed - pressed, painted - pressed]);
        };
        const observer = new MutationObserver(() => {
            const image = images().find(({ src }) => !before.has(src));
            if (before.size > 0 && !image) return;
            const first = changed === undefined;
            changed = performance.now();
            if (first) finish(image);
        });
        const context = canvas?.getContext('2d');
        const watchCanvas = () => {
            context.drawImage = (...words) => {
                CanvasRenderingContext2D.prototype.drawImage.apply(context, words);
                const now = performance.now();
                if (changed !== undefined || canvas.toDataURL() === pixels) return;
                changed = now;
                finish();
            };
        };
        const stop = () => {
            observer.disconnect();
            if (context) delete context.drawImage;
        };
        addEventListener('keydown', event => {
            pressed = event.timeStamp;
            if (canvas) watchCanvas();
            else observer.observe(root, { attributes: true, childList: true, subtree: true });
        }, { capture: true, once: true });
    });
}
"""


def measure(steps: int = 30) -> dict:
    """The version of Chromium, and of each picture's sliders the milliseconds of both times."""
    use_kernel_environment()
    with tempfile.TemporaryDirectory() as home, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(playwright), args=FLAGS)
        server = LabServer(Path(home), NOTEBOOKS)
        server.start()
        try:
            context = browser.new_context(viewport={"width": 1280, "height": 1000})
            rows = []
            for pictures in NOTEBOOKS_OF_PICTURES:
                lab = Lab(context, server)
                rows += measure_notebook(lab, pictures, steps)
                lab.close()
            return {"chromium": browser.version, "pictures": rows}
        finally:
            server.stop()
            browser.close()


def measure_notebook(lab: Lab, pictures: list[Picture], steps: int) -> list[dict]:
    """Show pictures in a notebook, and move all their sliders."""
    lab.notebook([IMPORTS, *(picture.cell for picture in pictures)])
    rows = []
    for index, picture in enumerate(pictures, 1):
        output = lab.output(index)
        for name in SLIDERS:
            # ipywidgets' own sliders have no name, but for the label beside them.
            label = lab.page.get_by_text(name, exact=True)
            slider = output.locator(".widget-hslider", has=label).get_by_role("slider")
            slider.focus()
            lab.wait_until_idle()
            times = time_steps(lab, output.locator(picture.selector), slider, steps, picture.settle)
            changed, painted = (harness.spread(column) for column in zip(*times, strict=True))
            row = {"picture": picture.name, "slider": name}
            rows.append(row | {"changed": changed._asdict(), "painted": painted._asdict()})
    lab.assert_no_errors()
    return rows


def time_steps(lab: Lab, picture, slider, steps: int, settle: float) -> list[tuple[float, float]]:
    """Milliseconds from key to change and from key to frame, of each step of a slider."""
    times = []
    for count in range(STEPS_BEFORE + steps):
        picture.evaluate(EXPECT_STEP)
        slider.press("ArrowLeft" if count % 2 else "ArrowRight")
        times.append(lab.page.evaluate("() => window.step"))
        if settle:
            lab.wait_until_idle()
            lab.page.wait_for_timeout(1e3 * settle)
    return times[STEPS_BEFORE:]


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--steps", type=int, default=30, help="of each slider (default 30)")
    from benchmarks.report import describe_latency

    print(describe_latency(measure(parser.parse_args().steps)))


if __name__ == "__main__":
    main()
