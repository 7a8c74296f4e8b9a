"""The example that the collection works through by hand."""

from __future__ import annotations

import numpy as np


def example() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Two channels of 4 x 4 cells and two filters of 3 x 3: small integers to add up by hand.

    The kernels are not symmetric, so a flipped kernel or swapped channels give other numbers.

    Returns
    -------
    input : (2, 4, 4) ndarray
    weight : (2, 2, 3, 3) ndarray
    bias : (2,) ndarray

    Examples
    --------
    >>> input, weight, bias = example()
    >>> input.shape, weight.shape, bias.shape
    ((2, 4, 4), (2, 2, 3, 3), (2,))
    """
    input = [
        [[1, 2, 3, 0], [2, 0, 1, 2], [0, 1, 2, 0], [0, 0, 3, 1]],
        [[0, 2, 1, 3], [1, 1, 0, 1], [2, 2, 3, 2], [3, 1, 0, 0]],
    ]
    weight = [
        [[[0, 1, 0], [2, 0, 3], [0, 4, 0]], [[0, 0, 0], [0, 1, 0], [0, 0, 0]]],
        [[[2, 0, 1], [0, 1, 0], [1, 0, 3]], [[1, 0, 0], [0, 2, 3], [2, 0, 0]]],
    ]
    return np.array(input), np.array(weight), np.array([1, -1])
