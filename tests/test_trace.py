"""A trace against the convolution that it takes apart."""

import numpy as np
import pytest

from convviz import conv2d, example, trace


def random_layer(rng):
    groups = int(rng.integers(1, 4))
    c_in, c_out = (groups * int(n) for n in rng.integers(1, 3, 2))
    layer = {
        "input": rng.integers(-9, 10, (c_in, *rng.integers(5, 9, 2))),
        "weight": rng.integers(-9, 10, (c_out, c_in // groups, *rng.integers(1, 4, 2))),
        "bias": rng.integers(-9, 10, c_out) if rng.integers(2) else None,
    }
    settings = {
        "stride": tuple(rng.integers(1, 4, 2).tolist()),
        "padding": tuple(map(tuple, rng.integers(0, 3, (2, 2)).tolist())),
        "dilation": tuple(rng.integers(1, 3, 2).tolist()),
        "groups": groups,
        "padding_mode": ["zeros", "reflect", "replicate", "circular"][rng.integers(4)],
    }
    return layer, settings


def test_traces_sum_to_the_output():
    rng = np.random.default_rng(3)
    for _ in range(80):
        layer, settings = random_layer(rng)
        output = conv2d(**layer, **settings)
        at = tuple(int(rng.integers(n)) for n in output.shape)
        taken = trace(**layer, at=at, **settings)
        assert taken.output == output[at]
        assert taken.partial_sums.sum() + (taken.bias or 0) == output[at]
        assert np.array_equal(taken.products, taken.window * taken.weight)
        assert np.array_equal(taken.weight, layer["weight"][at[0]])
        assert len(taken.channels) == layer["weight"].shape[1]


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
