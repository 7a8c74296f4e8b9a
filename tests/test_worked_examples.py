"""The worked examples stand in the stored outputs of the notebooks, which nbval keeps true."""

import re

import nbformat
import pytest

from tests.execute_notebooks import NOTEBOOKS

# By notebook: what its outputs must show, white space apart.
EXPECTED = {
    "01-output-formula": [
        "(1, 214, 214, 1)",
        "torch.Size([1, 1, 214, 214])",
        "(1, 56, 56, 1)",
        "torch.Size([1, 1, 56, 56])",
        "torch.Size([1, 3, 214, 214]) 0",  # a pooling keeps the channels and has no weights
        "(0, 1) 3",  # "same" with stride 2 on 6 cells and a kernel of 3
        "(1, 1) 3",
        "same: 4",
        "padding=1: 5",
    ],
    "02-sliding-kernel": [
        "[[15, 18], [ 9, 19]]",
        "[[16, 14], [34, 21]]",
        "[[15. 18.] [ 9. 19.]]",
        "[[16. 14.] [34. 21.]]",
        "output[1, 1, 0] = 0 (channel 0) + 10 (channel 1) - 1 (bias) = 9",
    ],
    "03-several-channels": [
        "k(0,0) [[0, 1, 0], [2, 0, 3], [0, 4, 0]]",
        "k(0,1) [[2, 0, 1], [0, 1, 0], [1, 0, 3]]",
        "k(1,0) [[0, 0, 0], [0, 1, 0], [0, 0, 0]]",
        "k(1,1) [[1, 0, 0], [0, 2, 3], [2, 0, 0]]",
        "[[15., 18.], [ 9., 19.]]",
        "[[16., 14.], [34., 21.]]",
        "(None, 2, 2, 2)",
        "Total params: 38 ",
        "(36, 2, 38)",
        "TypeError: 'Conv2D' object is not iterable",
        "InvalidArgumentError",
        "[3,3,4]",
        "[3,3,2,2]",
    ],
    "04-one-by-one": [
        "(3, 2, 2)",
        "(2, 2, 3)",
        "(1, 2, 2, 3)",
        "(1, 1, 3, 1)",
        "(1, 2, 2, 1)",
        "(2, 2) [[16, 60], [56, 48]]",
    ],
    "05-keras-beside-pytorch": [
        "torch.Size([5, 5])",  # padding=1 and a kernel of 2 on 4 cells; "same" keeps (4, 4)
        "(4, 4)",
        "padding='same' is not supported for strided convolutions",
        "RuntimeError",
        "ValueError",
    ],
}


def outputs_of(name):
    """All text that a notebook's code cells put out, its white space folded."""
    notebook = nbformat.read(NOTEBOOKS / f"{name}.ipynb", as_version=4)
    texts = []
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            texts.append(output.get("text") or output.get("data", {}).get("text/plain", ""))
    return fold("\n".join(texts))


def fold(text):
    """Without the codes that colour a terminal, and white space folded."""
    return re.sub(r"\s+", " ", re.sub(r"\x1b\[[\d;]*m", "", text))


@pytest.mark.parametrize(
    ("name", "expected"), [(name, text) for name, texts in EXPECTED.items() for text in texts]
)
def test_it_is_put_out(name, expected):
    assert fold(expected) in outputs_of(name)
