"""See inside the convolution layer: exact numbers, and a picture that moves."""

from typing import TYPE_CHECKING

from convviz.axis import Axis
from convviz.examples import example
from convviz.exercises import Feedback, check_output_size, check_output_value, check_parameters
from convviz.explanation import explain_output_size
from convviz.fields import ReceptiveField, Window
from convviz.frameworks import ConvLayer, from_keras, from_torch
from convviz.geometry import make_axes, output_size
from convviz.ops import conv2d
from convviz.pooling import avg_pool2d, max_pool2d
from convviz.receptive_field import receptive_field
from convviz.summary import summary
from convviz.trace import Trace, trace
from convviz.transposed import conv_transpose2d, transposed_output_size
from convviz.widgets import AxisExplorer, ConvExplorer, ImageExplorer

__all__ = [
    "Axis",
    "AxisExplorer",
    "ConvExplorer",
    "ConvLayer",
    "Feedback",
    "ImageExplorer",
    "ReceptiveField",
    "Trace",
    "Window",
    "avg_pool2d",
    "check_output_size",
    "check_output_value",
    "check_parameters",
    "conv2d",
    "conv_transpose2d",
    "example",
    "explain_output_size",
    "from_keras",
    "from_torch",
    "make_axes",
    "max_pool2d",
    "output_size",
    "receptive_field",
    "save_gif",
    "summary",
    "trace",
    "transposed_output_size",
]


if TYPE_CHECKING:
    from convviz.stills import save_gif
else:

    def __getattr__(name: str) -> object:
        # Pillow, which draws the GIFs, would make a third of the package's own time to import.
        if name == "save_gif":
            from convviz.stills import save_gif

            return save_gif
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
