"""A trace against the convolution that it takes apart."""

import numpy as np
import pytest

from convviz import example, trace


def test_a_trace_names_what_it_reads():
    taken = trace(*example(), at=(1, 1, 0), stride=2, padding=1)
    assert taken.rows == (1, 2, 3)
    assert taken.columns == (-1, 0, 1)
    assert taken.window[1].tolist() == [[0, 1, 1], [0, 2, 2], [0, 3, 1]]
    assert taken.partial_sums.tolist() == [0, 10]
    assert repr(taken) == "output[1, 1, 0] = 0 (channel 0) + 10 (channel 1) - 1 (bias) = 9"


def test_small_integers_do_not_overflow():
    input = np.full((1, 2, 2), 200, np.uint8)
    taken = trace(input, np.full((1, 1, 2, 2), 200, np.uint8))
    assert taken.products.max() == 40_000
    assert taken.output == 160_000


def test_integers_of_any_type_stay_exact():
    taken = trace(np.full((1, 1, 1), 2**30 + 1), np.full((1, 1, 1, 1), 2**27 - 1, np.uint64))
    assert taken.products.dtype == np.int64
    assert taken.partial_sums.item() == taken.output == (2**30 + 1) * (2**27 - 1)


def test_half_precision_does_not_overflow_on_the_way():
    input = np.array([[[60000, 60000, 45056]]], np.float16)
    taken = trace(input, np.array([[[[1, 1, -2]]]], np.float16))
    assert taken.products.tolist() == [[[60000, 60000, -90112]]]
    assert taken.partial_sums.item() == taken.output == 29888


@pytest.mark.parametrize(
    ("at", "error", "words"),
    [
        ((2, 0, 0), ValueError, r"at \(c_out\) must be at most 1, but is 2"),
        ((0, 0, -1), ValueError, r"at \(j\) must be at least 0"),
        ((0, 0), ValueError, r"\(c_out, i, j\)"),
        ((0, 0.5, 0), TypeError, r"at \(i\) must be an integer"),
        (3, ValueError, r"\(c_out, i, j\)"),
    ],
)
def test_a_place_outside_is_named(at, error, words):
    with pytest.raises(error, match=words):
        trace(*example(), at=at)


def test_a_batch_is_refused():
    input, weight, bias = example()
    with pytest.raises(ValueError, match=r"one image, of shape \(C_in, H, W\)"):
        trace(input[None], weight, bias)
