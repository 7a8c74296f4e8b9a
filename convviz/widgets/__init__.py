"""The explorers: pictures that move, drawn in the browser, set and observed from Python."""

from convviz.widgets.axis_explorer import AxisExplorer
from convviz.widgets.explorer import ConvExplorer

__all__ = ["AxisExplorer", "ConvExplorer"]
