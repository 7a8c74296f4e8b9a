"""How long the explorer takes from a key press to the new picture, beside interact and matplotlib.

    python benchmarks/explorer_latency.py [--steps STEPS]

JupyterLab in a headless Chromium, the explorers and the interact in one notebook. The arrow keys
move one slider to and fro, one real key press after the other, each only when the step before it
is in the picture. Both times begin at the time stamp that the browser gave the key press:

    changed   the last change to the DOM before the next frame, by a MutationObserver, whose call
              comes at the end of the microtasks that made the change
    painted   the first task after the next frame was drawn: requestAnimationFrame, and in it a
              message to oneself

At 60 frames a second, waiting for the frame is 8 ms in the mean, and up to 17. An image from
matplotlib has changed when it is in the DOM, and is painted in the frame after it was decoded.
The medians are shown, after some steps that do not count.
"""

import argparse
import statistics
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

sys.path.insert(0, str(Path(__file__).parent.parent))  # for tests.browser

from tests.browser.conftest import FLAGS, NOTEBOOKS, find_chromium
from tests.browser.lab import Lab, LabServer
from tests.kernel_environment import use_kernel_environment

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

# Name, the cell that shows it, and what in the cell's output changes.
PICTURES = [
    ("explorer, 1 channel of 8x8", "convviz.ConvExplorer(*draw(8, 1, 1))", ".convviz-explorer"),
    ("explorer, 3 of 16x16 to 4", "convviz.ConvExplorer(*draw(16, 3, 4))", ".convviz-explorer"),
    ("interact, 1 channel of 8x8", INTERACT, ".widget-interact"),
]

# Makes window.step, a promise of both times of the next key press.
EXPECT_STEP = """
root => {
    const images = () => [...root.querySelectorAll('img')];
    const before = new Set(images().map(image => image.src));
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
            observer.disconnect();
            resolve([changed - pressed, painted - pressed]);
        };
        const observer = new MutationObserver(() => {
            const image = images().find(({ src }) => !before.has(src));
            if (before.size > 0 && !image) return;
            const first = changed === undefined;
            changed = performance.now();
            if (first) finish(image);
        });
        addEventListener('keydown', event => {
            pressed = event.timeStamp;
            observer.observe(root, { attributes: true, childList: true, subtree: true });
        }, { capture: true, once: true });
    });
}
"""


def time_steps(picture, slider, steps: int) -> list[tuple[float, float]]:
    """Milliseconds from key to change and from key to frame, of each step of a slider."""
    times = []
    for count in range(STEPS_BEFORE + steps):
        picture.evaluate(EXPECT_STEP)
        slider.press("ArrowLeft" if count % 2 else "ArrowRight")
        times.append(slider.page.evaluate("() => window.step"))
    return times[STEPS_BEFORE:]


def measure(lab: Lab, steps: int) -> None:
    """Show all pictures in a notebook, move all their sliders, and print a line for each."""
    lab.notebook([IMPORTS, *(cell for _, cell, _ in PICTURES)])
    print("| picture | slider | changed (ms) | painted (ms) |")
    print("|---|---|---:|---:|")
    for index, (name, _, selector) in enumerate(PICTURES, 1):
        output = lab.output(index)
        picture = output.locator(selector)
        for slider_name in SLIDERS:
            # ipywidgets' own sliders have no name, but for the label beside them.
            label = lab.page.get_by_text(slider_name, exact=True)
            slider = output.locator(".widget-hslider", has=label).get_by_role("slider")
            slider.focus()
            lab.wait_until_idle()
            times = zip(*time_steps(picture, slider, steps), strict=True)
            changed, painted = map(statistics.median, times)
            print(f"| {name} | {slider_name} | {changed:.1f} | {painted:.1f} |", flush=True)
    lab.assert_no_errors()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--steps", type=int, default=60, help="of each slider (default 60)")
    steps = parser.parse_args().steps

    use_kernel_environment()
    with tempfile.TemporaryDirectory() as home, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(playwright), args=FLAGS)
        print(f"Chromium {browser.version}, {steps} steps of each slider\n")
        server = LabServer(Path(home), NOTEBOOKS)
        server.start()
        try:
            context = browser.new_context(viewport={"width": 1280, "height": 1000})
            lab = Lab(context, server)
            measure(lab, steps)
            lab.close()
        finally:
            server.stop()
            browser.close()


if __name__ == "__main__":
    main()
