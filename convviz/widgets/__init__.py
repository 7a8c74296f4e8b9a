"""The explorers: pictures that move, drawn in the browser, set and observed from Python."""

from convviz.widgets.axis_explorer import AxisExplorer
from convviz.widgets.explorer import ConvExplorer
from convviz.widgets.image_explorer import ImageExplorer

__all__ = ["AxisExplorer", "ConvExplorer", "ImageExplorer"]
