"""The explorer as Python sees it; tests/browser has the rest."""

import numpy as np
import pytest
from PIL import Image

import convviz
from convviz import ConvExplorer, conv2d, example
from convviz.stills import still_png


def test_it_starts_with_the_worked_example():
    explorer = ConvExplorer()
    assert explorer.output.tolist() == [[[15, 18], [9, 19]], [[16, 14], [34, 21]]]
    assert (explorer.stride, explorer.padding, explorer.dilation) == (1, 0, 1)
    assert (explorer.position, explorer.out_channel) == (0, 0)


def test_output_follows_the_settings():
    rng = np.random.default_rng(4)
    input, weight = rng.normal(size=(4, 7, 6)), rng.normal(size=(6, 2, 3, 2))
    settings = {"stride": (2, 1), "padding": ((0, 2), (1, 0)), "dilation": (1, 2)}
    explorer = ConvExplorer(input, weight, groups=2, padding_mode="replicate", **settings)
    expected = conv2d(input, weight, groups=2, padding_mode="replicate", **settings)
    assert np.array_equal(explorer.output, expected)
    explorer.padding = "same"
    expected = conv2d(
        input, weight, groups=2, padding_mode="replicate", **settings | {"padding": "same"}
    )
    assert np.array_equal(explorer.output, expected)


def test_settings_can_be_observed_and_pairs_stay_pairs():
    explorer, seen = ConvExplorer(), []
    explorer.observe(lambda change: seen.append((change.name, change.new)), ["stride", "padding"])
    explorer.stride = [2, 1]
    explorer.padding = ((0, 1), [1, 0])
    explorer.padding = "valid"
    explorer.stride = np.int64(3)
    assert seen == [
        ("stride", (2, 1)),
        ("padding", ((0, 1), (1, 0))),
        ("padding", "valid"),
        ("stride", 3),
    ]


def test_the_position_stays_inside():
    explorer = ConvExplorer(padding=1)
    explorer.position = 15
    explorer.stride = 2
    assert explorer.position == 3
    explorer.dilation = 4  # no output: nothing to point at, nothing lost
    assert explorer.position == 3
    explorer.dilation = 1
    assert explorer.position == 3


def test_no_output_is_an_error_that_explains():
    explorer = ConvExplorer()
    explorer.dilation = 2
    with pytest.raises(ValueError, match=r"with dilation 2 its 3 .* span 5"):
        _ = explorer.output


@pytest.mark.parametrize(
    ("name", "value", "error", "words"),
    [
        ("stride", 0, ValueError, "stride must be at least 1, but is 0"),
        ("stride", "2", TypeError, "stride must be an integer"),
        ("dilation", 1.5, TypeError, "dilation must be an integer"),
        ("padding", "full", ValueError, "padding must be"),
        ("padding", -1, ValueError, "padding must be at least 0"),
        ("position", 4, ValueError, "position must be at most 3, but is 4"),
        ("position", -1, ValueError, "position must be at least 0"),
        ("out_channel", 2, ValueError, "out_channel must be at most 1, but is 2"),
        ("out_channel", None, TypeError, "out_channel must be an integer"),
        ("padding_mode", "mirror", ValueError, "padding_mode must be one of 'zeros'"),
        ("panel", "colours", ValueError, "panel must be one of 'settings'"),
        ("predict", True, ValueError, "predict must be one of 'output_size'"),
        ("heat_map", "yes", TypeError, "heat_map must be True or False"),
        ("weight", np.ones((2, 3, 3, 3)), ValueError, "weight must have C_in / groups"),
        ("weight", np.ones((3, 2, 3, 3)), ValueError, "weight must keep its 2 output channels"),
        ("weight", np.ones((2, 2, 3)), ValueError, "weight must have shape"),
        ("input", np.ones((2, 200, 200)), ValueError, "a picture shows at most"),
        ("input", np.full((2, 4, 4), np.inf), ValueError, "input must be finite"),
        ("bias", "one", TypeError, "bias must be an array of numbers"),
    ],
)
def test_nonsense_is_refused_and_nothing_is_lost(name, value, error, words):
    explorer = ConvExplorer()
    before = getattr(explorer, name)
    with pytest.raises(error, match=words):
        setattr(explorer, name, value)
    assert np.array_equal(getattr(explorer, name), before)
    if name in ("input", "weight", "bias"):
        return
    with pytest.raises(error, match=words):
        if name in ("position", "out_channel"):
            setattr(ConvExplorer(), name, value)
        else:
            ConvExplorer(**{name: value})


@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        ({"input": None}, TypeError, "input"),
        ({"weight": None}, TypeError, "weight"),
        ({"input": np.zeros((4, 4))}, ValueError, r"one image, of shape \(C_in, H, W\)"),
        ({"input": np.zeros((1, 2, 4, 4))}, ValueError, "input must be one image"),
        ({"input": np.zeros((3, 4, 4))}, ValueError, "weight must have C_in / groups"),
        ({"input": np.full((2, 4, 4), np.nan)}, ValueError, "input must be finite"),
        ({"input": np.zeros((2, 4, 4), bool)}, TypeError, "input must be made of real numbers"),
        ({"input": [["a"]]}, TypeError, "input must be made of real numbers"),
        ({"input": np.zeros((2, 200, 200))}, ValueError, "a picture shows at most"),
        ({"weight": np.zeros((2, 2, 3))}, ValueError, "weight must have shape"),
        ({"weight": np.full((2, 2, 3, 3), 2**60)}, ValueError, "weight must hold integers"),
        ({"bias": [1, 2, 3]}, ValueError, "bias must have shape"),
        ({"groups": 3}, ValueError, "groups"),
        ({"groups": 1.0}, TypeError, "groups must be an integer"),
        ({"padding_mode": "mirror"}, ValueError, "padding_mode must be one of"),
    ],
)
def test_bad_layers_are_named(change, error, words):
    input, weight, bias = example()
    arguments = {"input": input, "weight": weight, "bias": bias, **change}
    with pytest.raises(error, match=words):
        ConvExplorer(**arguments)


def test_the_sliders_are_named_after_the_arguments():
    def descriptions(explorer):
        found, todo = [], [explorer]
        while todo:
            widget = todo.pop(0)
            todo = [*getattr(widget, "children", ()), *todo]
            if description := getattr(widget, "description", ""):
                found.append(description)
        return found

    assert descriptions(ConvExplorer()) == [
        "stride",
        "dilation",
        "padding",
        "out_channel",
        "position",
    ]


def test_numbers_can_be_read_set_and_observed():
    explorer, seen = ConvExplorer(), []
    explorer.observe(lambda change: seen.append((change.name, change.new.tolist())), ["weight"])
    weight = np.arange(36).reshape(2, 2, 3, 3)
    explorer.weight = weight
    assert seen == [("weight", weight.tolist())]
    weight[:] = 0
    assert np.array_equal(explorer.weight, np.arange(36).reshape(2, 2, 3, 3))
    explorer.input = np.ones((2, 6, 5))
    assert explorer.output.shape == (2, 4, 3)
    assert explorer.output[0, 0, 0] == sum(range(18)) + 1
    explorer.bias = None
    assert explorer.output[0, 0, 0] == sum(range(18))
    with pytest.raises(ValueError, match="read-only"):
        explorer.weight[0, 0, 0, 0] = 5


def test_a_smaller_input_or_kernel_keeps_the_position_inside():
    explorer = ConvExplorer(np.ones((1, 5, 5)), np.ones((1, 1, 2, 3)))
    explorer.position = 11
    explorer.weight = np.ones((1, 1, 4, 3))
    assert explorer.kernel_size == (4, 3)
    assert explorer.position == 5
    explorer.input = np.ones((1, 4, 5))
    assert explorer.position == 2


def test_what_the_browser_sends_is_heard():
    """A message as the browser sends it after groups went from 1 to 2."""
    explorer = ConvExplorer()
    weight = explorer.weight
    own = [[weight[0, 0].tolist()], [weight[1, 1].tolist()]]
    explorer._picture.set_state({"groups": 2, "weight": own, "position": 3})
    assert explorer.groups == 2
    assert explorer.weight.shape == (2, 1, 3, 3)
    assert explorer.weight.dtype == weight.dtype
    expected = conv2d(explorer.input, weight[[0, 1], [0, 1]][:, None], explorer.bias, groups=2)
    assert np.array_equal(explorer.output, expected)
    explorer._picture.set_state({"input": (explorer.input + 0.5).tolist()})
    assert explorer.input[0, 0, 0] == 1.5


def test_bytes_stay_bytes_while_they_can():
    explorer = ConvExplorer(np.full((1, 3, 3), 200, np.uint8), np.ones((1, 1, 2, 2), np.float32))
    for value, dtype in ((7, np.uint8), (-7, np.int64)):
        pixels = explorer.input.tolist()
        pixels[0][0][0] = value
        explorer._picture.set_state({"input": pixels})
        assert explorer.input.dtype == dtype
        assert explorer.input[0, 0, :2].tolist() == [value, 200]
    weight = explorer.weight.tolist()
    weight[0][0][0][0] = 0.25
    explorer._picture.set_state({"weight": weight})
    assert explorer.weight.dtype == np.float32


def test_it_describes_itself():
    assert repr(ConvExplorer(stride=2)) == (
        "ConvExplorer(input (2, 4, 4), weight (2, 2, 3, 3), stride=2, padding=0, dilation=1)"
    )


def test_arrays_given_are_not_kept():
    input, weight, bias = example()
    explorer = convviz.ConvExplorer(input, weight, bias)
    input[:] = 0
    weight[:] = 0
    assert explorer.output[0, 0, 0] == 15


def test_it_takes_a_learners_own_layer():
    import torch

    own = torch.nn.Conv2d(4, 6, (3, 2), stride=(2, 1), padding=1, groups=2)
    image = np.random.default_rng(6).normal(size=(4, 7, 6)).astype("float32")
    explorer = ConvExplorer(image, convviz.from_torch(own))
    assert (explorer.stride, explorer.padding, explorer.dilation) == ((2, 1), 1, 1)
    expected = own(torch.tensor(image)[None])[0].detach().numpy()
    assert np.allclose(explorer.output, expected, atol=1e-5)
    with pytest.raises(ValueError, match="A layer brings its bias and settings along"):
        ConvExplorer(image, convviz.from_torch(own), stride=2)


def test_a_still_picture_stands_beside_the_widget():
    bundle, metadata = ConvExplorer(stride=2, padding=1)._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in bundle
    assert bundle["image/png"] == still_png(stride=2, padding=1)
    assert 200 < metadata["image/png"]["width"] <= 800


def test_a_still_picture_tells_no_prediction():
    assert "image/png" not in ConvExplorer(predict="output_size")._repr_mimebundle_()


def test_the_walk_is_saved_as_it_stands(tmp_path):
    explorer = ConvExplorer(stride=2)
    explorer.padding = 1
    path = explorer.save_gif(tmp_path / "walk.gif", out_channel=1)
    with Image.open(path) as walk:
        assert walk.n_frames == 4


def test_tensors_are_arrays_too(recwarn):
    import torch

    explorer = ConvExplorer(torch.ones(1, 3, 3), torch.ones(1, 1, 2, 2))
    assert explorer.output.tolist() == [[[4, 4], [4, 4]]]
    assert not recwarn.list
