"""See inside the convolution layer: exact numbers, and a picture that moves."""

from convviz.examples import example
from convviz.exercises import Feedback, check_output_size, check_output_value
from convviz.explanation import explain_output_size
from convviz.geometry import Axis, make_axes, output_size
from convviz.ops import conv2d
from convviz.trace import Trace, trace
from convviz.widgets import AxisExplorer, ConvExplorer

__all__ = [
    "Axis",
    "AxisExplorer",
    "ConvExplorer",
    "Feedback",
    "Trace",
    "check_output_size",
    "check_output_value",
    "conv2d",
    "example",
    "explain_output_size",
    "make_axes",
    "output_size",
    "trace",
]
