"""The explorer on a page, as a test reads and moves it."""

import numpy as np

READ_GRIDS = """
root => {
    const grids = {};
    for (const cell of root.querySelectorAll('[data-grid]')) {
        const { grid, channel, row, col, value } = cell.dataset;
        grids[grid] ??= [];
        grids[grid].push([Number(channel), Number(row), Number(col), Number(value)]);
    }
    return grids;
}
"""

READ_LIT = """
root => [...root.querySelectorAll('[data-active]')].map(cell => [
    cell.dataset.grid, Number(cell.dataset.channel),
    Number(cell.dataset.row), Number(cell.dataset.col),
])
"""


class ExplorerPage:
    """One explorer in a cell's output, as a user meets it."""

    def __init__(self, output):
        self.output = output
        self.root = output.locator(".convviz-explorer")

    def slider(self, name):
        return self.output.get_by_role("slider", name=name, exact=True)

    def button(self, name):
        return self.output.get_by_role("button", name=name, exact=True)

    def cell(self, grid, channel, row, col):
        return self.root.locator(
            f"[data-grid={grid}][data-channel='{channel}'][data-row='{row}'][data-col='{col}']"
        )

    def grid(self, name):
        """The values of a grid by channel, as drawn: {channel: array of its rows}."""
        cells = np.array(self.root.evaluate(READ_GRIDS).get(name, []))
        grids = {}
        for channel in np.unique(cells[:, 0]) if len(cells) else []:
            own = cells[cells[:, 0] == channel]
            row, col = (own[:, k].astype(int) - int(own[:, k].min()) for k in (1, 2))
            grid = np.full((row.max() + 1, col.max() + 1), np.nan)
            grid[row, col] = own[:, 3]
            grids[int(channel)] = grid
        return grids

    def outputs(self):
        return np.array(list(self.grid("output").values()))

    def lit(self):
        return {tuple(cell) for cell in self.root.evaluate(READ_LIT)}


def drag(handle, share):
    """Drag a slider's handle with the mouse, to a share of its track."""
    track = handle.locator("xpath=ancestor::*[contains(@class, 'noUi-base')]").bounding_box()
    box = handle.bounding_box()
    mouse = handle.page.mouse
    mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    mouse.down()
    mouse.move(track["x"] + track["width"] * share, box["y"] + 3, steps=8)
    mouse.up()
