"""The receptive field against gradients in PyTorch, and the errors."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from convviz.fields import ReceptiveField, Window
from convviz.geometry import make_axes
from convviz.receptive_field import cells_seen, receptive_field


def pair(rng, *choices):
    return int(rng.choice(choices)), int(rng.choice(choices))


def random_chain(rng):
    """Layers of every kind, an input size that they fit, and the output size."""
    while True:
        size = input_size = int(rng.integers(8, 40)), int(rng.integers(8, 50))
        layers = []
        for _ in range(int(rng.integers(1, 5))):
            uneven = pair(rng, 0, 1, 2), pair(rng, 0, 1, 3)
            padding = [0, 1, uneven, "same", "valid"][rng.integers(5)]
            settings = pair(rng, 1, 2, 3, 5), pair(rng, 1, 1, 2, 3), padding, pair(rng, 1, 1, 2)
            layers.append(Window(*settings))
        for layer in layers:
            axes = make_axes(size, **layer._asdict())
            if not all(axis.fits for axis in axes):
                break
            size = axes[0].output, axes[1].output
        else:
            return layers, input_size, size


def gradient(layers, input_size, at):
    """Which input cells an output cell changes with, found out in PyTorch."""
    x = torch.ones(1, 1, *input_size, dtype=torch.float64, requires_grad=True)
    y = x
    for layer in layers:
        axes = make_axes(tuple(y.shape[2:]), **layer._asdict())
        (top, bottom), (left, right) = (axis.padding for axis in axes)
        weight = torch.ones(1, 1, *(axis.kernel for axis in axes), dtype=torch.float64)
        y = F.pad(y, (left, right, top, bottom))
        y = F.conv2d(y, weight, stride=layer.stride, dilation=layer.dilation)
    (found,) = torch.autograd.grad(y[(0, 0, *at)], x)
    return found[0, 0].numpy() != 0


@pytest.mark.parametrize("seed", range(150))
def test_equals_the_gradient(seed):
    rng = np.random.default_rng(seed)
    layers, input_size, output_size = random_chain(rng)
    field = receptive_field(layers, input_size=input_size)
    for _ in range(3):
        at = tuple(int(rng.integers(size)) for size in output_size)
        seen = cells_seen(layers, input_size, at=at)
        wanted = np.zeros(input_size, bool)
        wanted[np.ix_(*(np.array(cells, int) for cells in seen))] = True
        assert np.array_equal(gradient(layers, input_size, at), wanted)
        # The formulas know only where it begins and ends, and no bounds.
        for reached, cells, size in zip(field.of(*at), seen, input_size, strict=True):
            assert set(cells) <= set(reached)
            if reached[0] >= 0 and reached[-1] < size:
                assert (cells[0], cells[-1]) == (reached[0], reached[-1])


def test_most_random_outputs_lie_inside():
    """The last assertion above is made often enough, and so are those of padding."""
    inside = outside = 0
    for seed in range(150):
        layers, input_size, (height, width) = random_chain(np.random.default_rng(seed))
        field = receptive_field(layers, input_size=input_size)
        for at in ((0, 0), (height // 2, width // 2)):
            for reached, size in zip(field.of(*at), input_size, strict=True):
                within = reached[0] >= 0 and reached[-1] < size
                inside, outside = inside + within, outside + (not within)
    assert inside > 100 and outside > 100


def test_average_pooling_is_such_a_window():
    x = torch.ones(1, 1, 13, 17, requires_grad=True)
    y = F.avg_pool2d(F.conv2d(x, torch.ones(1, 1, 3, 5), padding=(1, 0)), (2, 3))
    (found,) = torch.autograd.grad(y[0, 0, 4, 2], x)
    rows, columns = receptive_field([Window((3, 5), padding=(1, 0)), Window((2, 3), (2, 3))]).of(
        4, 2
    )
    wanted = np.zeros((13, 17), bool)
    wanted[rows.start : rows.stop, columns.start : columns.stop] = True
    assert np.array_equal(found[0, 0] != 0, wanted)


def test_known_networks():
    # The table of Araujo, Norris and Sim: size, effective stride and padding.
    conv, pool = Window(3, padding=1), Window(2, stride=2)
    vgg16 = [conv, conv, pool] * 2 + [conv, conv, conv, pool] * 3
    assert receptive_field(vgg16) == ReceptiveField((212, 212), (32, 32), (-90, -90))
    alexnet = [
        *(Window(11, stride=4), Window(3, stride=2), Window(5, padding=2), Window(3, stride=2)),
        *(conv, conv, conv, Window(3, stride=2)),
    ]
    assert receptive_field(alexnet) == ReceptiveField((195, 195), (32, 32), (-64, -64))


def test_ways_to_give_layers():
    wanted = receptive_field([Window(3, 2, 1), Window((2, 5), dilation=(1, 3))])
    mappings = [
        {"kernel_size": 3, "stride": 2, "padding": 1},
        {"kernel_size": [2, 5], "dilation": [1, 3]},
    ]
    assert receptive_field(mappings) == receptive_field(iter(mappings)) == wanted
    assert wanted == ReceptiveField(size=(5, 27), jump=(2, 2), start=(-1, -1))
    assert receptive_field([]) == ReceptiveField((1, 1), (1, 1), (0, 0))
    assert cells_seen([], (3, 4), at=(1, 2)) == ((1,), (2,))


def test_same_depends_on_the_size():
    layers = [Window(2, stride=2), Window(3, stride=2, padding="same")]
    # 12 -> 6 cells, padded (0, 1); 14 -> 7 cells, padded (1, 1).
    assert receptive_field(layers, input_size=12).start == (0, 0)
    assert receptive_field(layers, input_size=(12, 14)).start == (0, -2)


def test_nothing_but_padding():
    layers = [Window(1, padding=2), Window(1)]
    assert cells_seen(layers, 3, at=(0, 2)) == ((), (0,))


def test_merged_branches():
    narrow, wide = ReceptiveField((3, 5), (2, 2), (-1, 0)), ReceptiveField((4, 3), (2, 2), (0, 1))
    for merged in (narrow.merged(wide), wide.merged(narrow)):
        assert merged == ReceptiveField((5, 5), (2, 2), (-1, 0))
    with pytest.raises(ValueError, match=r"same jump, but have \(2, 2\) and \(1, 2\)"):
        narrow.merged(ReceptiveField((1, 1), (1, 2), (0, 0)))


MISTAKES = [
    ([(3, 2)], {}, TypeError, r"Layer 0 must be a Window, .* but is \(3, 2\)"),
    ([Window(3), 3], {}, TypeError, "Layer 1 must be a Window, .* but is 3"),
    ([{"stride": 2}], {}, ValueError, "Layer 0 must have kernel_size, .* {'stride': 2}"),
    ([{"kernel_size": 3, "strides": 2}], {}, ValueError, "Layer 0 .* 'strides': 2"),
    ([Window(3), Window(0)], {}, ValueError, "Layer 1: kernel_size must be at least 1, but is 0"),
    ([Window(3, stride=1.5)], {}, TypeError, "Layer 0: stride must be an integer, but is 1.5"),
    ([Window(3, padding="full")], {}, ValueError, "Layer 0: padding .* 'full'"),
    ([Window(3, padding="same")], {}, ValueError, "Layer 0: .*same.* give input_size"),
    ([Window(3), Window(4)], {"input_size": (9, 5)}, ValueError, "Layer 1: .* width: it spans 4"),
    ([Window(0)], {"input_size": 9}, ValueError, "Layer 0: kernel_size must be at least 1"),
    ([Window(3)], {"input_size": 0}, ValueError, "input_size must be at least 1, but is 0"),
]


@pytest.mark.parametrize(("layers", "settings", "error", "message"), MISTAKES)
def test_mistakes_are_named(layers, settings, error, message):
    with pytest.raises(error, match=message):
        receptive_field(layers, **settings)


@pytest.mark.parametrize(
    ("at", "error", "message"),
    [
        (3, ValueError, r"at must be .* \(i, j\), but is 3"),
        ((0, 0, 0), ValueError, r"at must be .* \(0, 0, 0\)"),
        ((0, 7), ValueError, r"at \(j\) must be at most 6, but is 7"),
        ((-1, 0), ValueError, r"at \(i\) must be at least 0, but is -1"),
        ((0, 1.0), TypeError, r"at \(j\) must be an integer"),
    ],
)
def test_places_that_are_not_there(at, error, message):
    with pytest.raises(error, match=message):
        cells_seen([Window(3)], (5, 9), at=at)
    if at == (-1, 0):
        with pytest.raises(error, match="i must be at least 0, but is -1"):
            ReceptiveField().of(*at)
