"""The explorer's panel on padding="same": its numbers are Keras's and PyTorch's own."""

import numpy as np
import pytest
import torch

from tests.cases.convolutions import WITH_OUTPUT
from tests.cases.frameworks import uncompiled
from tests.npm import ask_javascript


def layer_of(case):
    """A case of tests/cases on one image. Its own padding is not what the panel compares."""
    pairs = {n: [getattr(axis, n) for axis in case.axes] for n in ("stride", "dilation")}
    return case.image | pairs


def row_layer(input, weight, stride):
    """A layer of one row and one channel, with the kernel and the stride along it."""
    return {
        "input": np.array([[input]]),
        "weight": np.array([[[weight]]]),
        "bias": None,
        "stride": [1, stride],
        "padding": 0,
        "dilation": [1, 1],
        "groups": 1,
        "padding_mode": "zeros",
    }


LAYERS = [layer_of(case) for case in WITH_OUTPUT[::4]]
SIX_CELLS = row_layer([1, 2, 3, 4, 5, 6], [1, 10, 100], stride=2)
FOUR_CELLS = row_layer([1, 2, 3, 4], [1, 10], stride=1)


@pytest.fixture(scope="module")
def compared():
    """Each layer, with what the panel would show of it."""
    return list(zip(LAYERS, ask_javascript("run-same.mjs", LAYERS), strict=True))


def run_keras(layer):
    """The output of Keras's own layer with padding="same"."""
    import keras

    twin = keras.layers.Conv2D(
        len(layer["weight"]),
        layer["weight"].shape[2:],
        strides=tuple(layer["stride"]),
        padding="same",
        dilation_rate=tuple(layer["dilation"]),
        groups=layer["groups"],
        use_bias=layer["bias"] is not None,
        dtype="float64",
    )
    image = layer["input"].transpose(1, 2, 0)[None].astype(float)
    twin.build(image.shape)
    weights = [layer["weight"].transpose(2, 3, 1, 0), layer["bias"]]
    twin.set_weights([w for w in weights if w is not None])
    return np.asarray(twin(image))[0].transpose(2, 0, 1)


def run_torch(layer, padding):
    """The output of PyTorch's own layer with this padding."""
    twin = torch.nn.Conv2d(
        len(layer["input"]),
        len(layer["weight"]),
        layer["weight"].shape[2:],
        stride=layer["stride"],
        padding=padding,
        dilation=layer["dilation"],
        groups=layer["groups"],
        bias=layer["bias"] is not None,
        dtype=torch.float64,
    )
    with torch.no_grad():
        twin.weight[:] = torch.tensor(layer["weight"])
        if layer["bias"] is not None:
            twin.bias[:] = torch.tensor(layer["bias"])
        return twin(torch.tensor(layer["input"]).double()[None])[0].numpy()


def is_refused(layer):
    return max(layer["stride"]) > 1 and max(layer["dilation"]) > 1


@pytest.fixture(scope="module")
def from_keras():
    """What Keras makes of each layer; None where it refuses."""
    with uncompiled():
        return [None if is_refused(layer) else run_keras(layer) for layer in LAYERS]


def count_differing(own, other):
    """How many cells `other` has another number for, or none, in each output channel of `own`."""
    rows, columns = np.minimum(own.shape[1:], other.shape[1:])
    common = np.isclose(own[:, :rows, :columns], other[:, :rows, :columns], rtol=1e-9, atol=1e-9)
    return own[0].size - common.sum((1, 2))


def test_the_layers_are_of_every_kind(compared):
    refused = [shown for _, shown in compared if shown["keras"]["refused"]]
    taken = [(layer, shown) for layer, shown in compared if not shown["keras"]["refused"]]
    sizes = [np.shape(s["keras"]["output"]) == np.shape(s["torch"]["output"]) for _, s in taken]
    assert len(refused) > 15
    assert 15 < sum(sizes) < len(taken) - 15
    assert sum(layer["groups"] > 1 for layer, _ in taken) > 15
    assert sum(max(layer["dilation"]) > 1 for layer, _ in taken) > 3


def test_keras_side_is_keras(compared, from_keras):
    for (layer, shown), expected in zip(compared, from_keras, strict=True):
        if expected is None:
            with pytest.raises(ValueError, match="not supported in conjunction with"):
                run_keras(layer)
            assert shown["keras"]["output"] is None
            assert shown["keras"]["refused"].startswith(
                "Keras refuses strides > 1 together with dilation_rate > 1."
            )
            continue
        output = np.array(shown["keras"]["output"])
        assert output.shape == expected.shape, layer
        np.testing.assert_allclose(output, expected, rtol=1e-9, atol=1e-9)


def test_torch_side_is_torch(compared):
    for layer, shown in compared:
        kernel_size = layer["weight"].shape[2:]
        padding = [d * (k // 2) for d, k in zip(layer["dilation"], kernel_size, strict=True)]
        assert shown["torch"]["padding"] == padding
        assert shown["torch"]["sides"] == [[p, p] for p in padding]
        expected = run_torch(layer, padding)
        output = np.array(shown["torch"]["output"])
        assert output.shape == expected.shape, layer
        np.testing.assert_allclose(output, expected, rtol=1e-9, atol=1e-9)


def test_marks_are_where_the_frameworks_differ(compared, from_keras):
    for (layer, shown), keras in zip(compared, from_keras, strict=True):
        if keras is None:
            assert shown["differing"] is None
            continue
        pytorch = run_torch(layer, shown["torch"]["padding"])
        for side, own, other in (("keras", keras, pytorch), ("torch", pytorch, keras)):
            counts = np.sum(shown["differing"][side], axis=(1, 2))
            np.testing.assert_array_equal(counts, count_differing(own, other), err_msg=str(layer))


def test_summary_tells_sizes_and_counts(compared):
    for layer, shown in compared:
        if is_refused(layer):
            expected = ["There is nothing to compare: Keras refuses this layer."]
            assert shown["summaries"] == expected * len(layer["weight"])
            continue
        own, other = (np.shape(shown[side]["output"])[1:] for side in ("keras", "torch"))
        for count, sentence in zip(
            np.sum(shown["differing"]["keras"], axis=(1, 2)), shown["summaries"], strict=True
        ):
            if own != other:
                sizes = " against ".join(f"{height} x {width}" for height, width in (own, other))
                assert sentence == f"The sizes differ: {sizes}."
            elif count == 0:
                assert sentence.startswith("The numbers ")
            elif np.prod(own) > 1:
                assert sentence.startswith(
                    f"Same size, but {count} of {np.prod(own)} values differ"
                )


@pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel lengths")
def test_sentence_on_torchs_own_same_is_true(compared):
    for layer, shown in compared:
        if max(layer["stride"]) > 1:
            with pytest.raises(ValueError, match="padding='same' is not supported for strided"):
                run_torch(layer, "same")
            assert "refuses it with stride > 1" in shown["torchSame"]
        else:
            np.testing.assert_allclose(run_torch(layer, "same"), shown["keras"]["output"])
            assert "At stride 1 it pads as Keras does." in shown["torchSame"]


def test_six_cells_kernel_3_stride_2():
    [shown] = ask_javascript("run-same.mjs", [SIX_CELLS])
    assert shown["keras"]["sides"] == [[0, 0], [0, 1]]
    assert shown["torch"]["sides"] == [[0, 0], [1, 1]]
    assert shown["keras"]["output"] == [[[321, 543, 65]]] == run_keras(SIX_CELLS).tolist()
    assert shown["torch"]["output"] == [[[210, 432, 654]]] == run_torch(SIX_CELLS, (0, 1)).tolist()
    assert shown["differing"] == {"keras": [[[True] * 3]], "torch": [[[True] * 3]]}


def test_four_cells_kernel_2():
    [shown] = ask_javascript("run-same.mjs", [FOUR_CELLS])
    assert shown["keras"]["output"] == [[[21, 32, 43, 4]]] == run_keras(FOUR_CELLS).tolist()
    assert shown["torch"]["output"] == [[[10, 21, 32, 43, 4]]]
    assert run_torch(FOUR_CELLS, (0, 1)).tolist() == shown["torch"]["output"]
    assert shown["summaries"] == ["The sizes differ: 1 x 4 against 1 x 5."]
