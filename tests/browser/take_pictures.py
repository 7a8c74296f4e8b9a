"""Take the README's pictures: ``python -m tests.browser.take_pictures``."""

import tempfile
from pathlib import Path

from playwright.sync_api import expect, sync_playwright

from tests.browser.conftest import FLAGS, NOTEBOOKS, find_chromium
from tests.browser.explorer_page import ExplorerPage
from tests.browser.lab import Lab, LabServer
from tests.kernel_environment import use_kernel_environment

IMAGES = NOTEBOOKS / "images"
CELLS = ["import convviz", "explorer = convviz.ConvExplorer(stride=2, padding=1)\nexplorer"]


def main() -> None:
    use_kernel_environment()
    with tempfile.TemporaryDirectory() as home, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(playwright), args=FLAGS)
        server = LabServer(Path(home), NOTEBOOKS)
        server.start()
        try:
            context = browser.new_context(
                viewport={"width": 1280, "height": 1100}, device_scale_factor=2
            )
            lab = Lab(context, server)
            lab.notebook(CELLS)
            explorer = ExplorerPage(lab.output(1))
            explorer.cell("output", 1, 1, 0).click()
            lab.page.mouse.move(2, 2)
            for theme in ("light", "dark"):
                lab.set_theme(theme)
                expect(explorer.root).to_have_attribute("data-output-size", "2x2")
                box = lab.output(1).locator(".convviz")
                box.screenshot(path=IMAGES / f"explorer-{theme}.png")
            lab.close()
        finally:
            server.stop()
            browser.close()


if __name__ == "__main__":
    main()
