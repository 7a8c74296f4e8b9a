"""Designs against the same networks in PyTorch; and what is said of those that are not possible."""

import numpy as np
import pytest
import torch

from convviz.designs import (
    MOST_LAYERS,
    expect_all_read,
    expect_features,
    expect_field,
    expect_multiply_accumulates,
    expect_parameters,
    read_design,
)
from convviz.networks import Design, Layer

PICTURE = (3, 24, 50)


def pair(rng, *choices):
    return tuple(int(n) for n in rng.choice(choices, 2))


def random_layer(rng, size):
    """A layer that is possible on an input of a size; None now and then."""
    channels, *cells = size
    groups = int(rng.choice([n for n in range(1, channels + 1) if channels % n == 0]))
    kernel, dilation = pair(rng, 1, 2, 3, 5), pair(rng, 1, 1, 2)
    spans = [d * (k - 1) + 1 for d, k in zip(dilation, kernel, strict=True)]
    if any(span > n for span, n in zip(spans, cells, strict=True)):
        return None
    layer = {
        "in_channels": channels,
        "out_channels": groups * int(rng.integers(1, 4)),
        "kernel_size": kernel,
        "stride": pair(rng, 1, 1, 2, 3),
        "padding": tuple(int(rng.integers(0, (span - 1) // 2 + 1)) for span in spans),
        "dilation": dilation,
        "groups": groups,
        "bias": bool(rng.integers(2)),
    }
    usual = {"stride": (1, 1), "padding": (0, 0), "dilation": (1, 1), "groups": 1, "bias": True}
    return {name: value for name, value in layer.items() if usual.get(name) != value}


def random_design(rng):
    """A picture's size, a design that it goes through, and the same in PyTorch."""
    picture = int(rng.integers(1, 5)), int(rng.integers(6, 30)), int(rng.integers(6, 40))
    layers, modules, size = [], [], picture
    for _ in range(int(rng.integers(1, 6))):
        layer = random_layer(rng, size)
        if layer is not None:
            layers.append(layer)
            modules.append(torch.nn.Conv2d(**layer, dtype=torch.float64))
            with torch.no_grad():
                size = tuple(modules[-1](torch.zeros(1, *size, dtype=torch.float64)).shape[1:])
    return (picture, layers, modules) if layers else random_design(rng)


def sizes_in_torch(picture, modules):
    x, sizes = torch.zeros(1, *picture, dtype=torch.float64), [picture]
    for module in modules:
        x = module(x)
        sizes.append(tuple(x.shape[1:]))
    return tuple(sizes)


def count_products(layer, picture):
    """The multiply-accumulates of a layer, by doing them one at a time."""
    (kh, kw), (sh, sw) = layer.kernel_size, layer.stride
    (ph, pw), (dh, dw) = layer.padding, layer.dilation
    _, height, width = picture
    rows = [i for i in range(-ph, height + ph, sh) if i + dh * (kh - 1) < height + ph]
    columns = [j for j in range(-pw, width + pw, sw) if j + dw * (kw - 1) < width + pw]
    filters_of_a_group = layer.out_channels // layer.groups
    channels_of_a_group = layer.in_channels // layer.groups
    count = 0
    for _ in range(layer.groups):
        for _ in range(filters_of_a_group):
            for _ in range(channels_of_a_group):
                for _ in rows:
                    for _ in columns:
                        count += kh * kw
    return count


def unread_in_torch(picture, modules):
    """The rows and columns without a gradient, where no weight is 0 and none cancels another."""
    x = torch.ones(1, *picture, dtype=torch.float64, requires_grad=True)
    y = x
    for module in modules:
        torch.nn.init.ones_(module.weight)
        y = module(y)
    y.sum().backward()
    read = x.grad[0].sum(0).numpy() != 0
    return tuple(
        tuple(np.flatnonzero(~read.any(axis=axis)).tolist())
        for axis in (1, 0)  # over the columns, what is left are the rows
    )


def seen_by_one(modules, field):
    """Rows and columns from the first to the last with a gradient of one number of the output."""
    cells = [2 * (n + 40) + 1 for n in field.size]  # so many that the middle one sees no padding
    x = torch.ones(1, modules[0].in_channels, *cells, dtype=torch.float64, requires_grad=True)
    y = x
    for module in modules:
        y = module(y)
    i, j = (n // 2 for n in y.shape[2:])
    y[0, :, i, j].sum().backward()
    read = x.grad[0].sum(0).numpy() != 0
    spans = [np.flatnonzero(read.any(axis=axis)) for axis in (1, 0)]
    return tuple(int(span[-1] - span[0] + 1) for span in spans)


@pytest.mark.parametrize("seed", range(60))
def test_a_design_is_the_network_in_torch(seed):
    rng = np.random.default_rng(seed)
    picture, layers, modules = random_design(rng)
    design = read_design(layers, picture)
    assert design.sizes == sizes_in_torch(picture, modules)
    counted = [sum(p.numel() for p in module.parameters()) for module in modules]
    assert design.parameters == tuple(counted)
    products = [
        count_products(layer, size)
        for layer, size in zip(design.layers, design.sizes[:-1], strict=True)
    ]
    assert design.multiply_accumulates == tuple(products)
    assert design.unread == unread_in_torch(picture, modules)
    assert design.field.size == seen_by_one(modules, design.field)


def test_what_is_not_given_is_as_in_torch():
    layer = {"in_channels": 4, "out_channels": 6, "kernel_size": (3, 2)}
    [read] = read_design([layer], (4, 9, 7)).layers
    module = torch.nn.Conv2d(**layer)
    for name in ("stride", "padding", "dilation", "groups"):
        assert getattr(read, name) == getattr(module, name)
    assert read.bias


def test_an_integer_stands_for_both_axes():
    square = {"kernel_size": 3, "stride": 2, "padding": 1, "dilation": 1}
    pairs = {name: (value, value) for name, value in square.items()}
    channels = {"in_channels": 3, "out_channels": 5}
    assert read_design([channels | square], PICTURE) == read_design([channels | pairs], PICTURE)
    lists = {name: [value, np.int64(value)] for name, value in square.items()}
    assert read_design((channels | lists,), list(PICTURE)).layers == (Layer(3, 5, 3, 2, 1),)


def first(**settings):
    """A design of one layer, with these settings."""
    layer = {"in_channels": 3, "out_channels": 16, "kernel_size": (3, 5)} | settings
    return [{name: value for name, value in layer.items() if value != "left out"}]


GROUPS = "design[0]: groups must divide both in_channels and out_channels, 3 and {}, but is {}."


@pytest.mark.parametrize(
    ("design", "error", "said"),
    [
        (None, TypeError, "design has no answer yet: put yours in the place of None."),
        (
            first()[0],
            TypeError,
            "design must be a list of dicts, one for each layer, but is {'in_channels': 3, "
            "'out_channels': 16, 'kernel_size': (3,....",
        ),
        (
            "conv",
            TypeError,
            "design must be a list of dicts, one for each layer, but is 'conv'.",
        ),
        ([], ValueError, "design must have 1 to 40 layers, but has 0."),
        (first() * 1000, ValueError, "design must have 1 to 40 layers, but has 1000."),
        (
            [(3, 16, (3, 5))],
            TypeError,
            "design[0]: a layer must be a dict, but this is (3, 16, (3, 5)).",
        ),
        ([*first(), None], TypeError, "design[1]: a layer must be a dict, but this is None."),
        (first(kernel_size="left out"), ValueError, "design[0]: kernel_size is missing."),
        (first(in_channels="left out"), ValueError, "design[0]: in_channels is missing."),
        (
            first(strides=(2, 2)),
            ValueError,
            "design[0]: 'strides' is not known. Known are in_channels, out_channels, kernel_size, "
            "stride, padding, dilation, groups, bias.",
        ),
        (
            first(out_channels="16"),
            TypeError,
            "design[0]: out_channels must be an integer, but is '16'.",
        ),
        (
            first(out_channels=-16),
            ValueError,
            "design[0]: out_channels must be at least 1, but is -16.",
        ),
        (
            first(out_channels=10**30),
            ValueError,
            f"design[0]: out_channels must be at most 2147483647, but is {10**30}.",
        ),
        (
            first(stride=(0, 4)),
            ValueError,
            "design[0]: stride (height) must be at least 1, but is 0.",
        ),
        (
            first(dilation=(1, 0)),
            ValueError,
            "design[0]: dilation (width) must be at least 1, but is 0.",
        ),
        (
            first(kernel_size=(3, 5, 7)),
            ValueError,
            "design[0]: kernel_size must be an integer or a pair (height, width), "
            "but is (3, 5, 7).",
        ),
        (
            first(padding=(-1, 0)),
            ValueError,
            "design[0]: padding (height) must be at least 0, but is -1.",
        ),
        (
            first(padding="same"),
            TypeError,
            "design[0]: padding must be an integer, but is 'same'.",
        ),
        (
            first(padding=((0, 1), (1, 0))),
            TypeError,
            "design[0]: padding (height) must be an integer, but is (0, 1).",
        ),
        (first(groups=0), ValueError, "design[0]: groups must be at least 1, but is 0."),
        (first(groups=2), ValueError, GROUPS.format(16, 2)),
        (first(groups=3), ValueError, GROUPS.format(16, 3)),
        (first(bias=0), TypeError, "design[0]: bias must be True or False, but is 0."),
        (
            first(in_channels=1),
            ValueError,
            "design[0]: in_channels must be 3, the number of channels that come in, but is 1.",
        ),
        (
            first() + first(),
            ValueError,
            "design[1]: in_channels must be 16, the number of channels that come in, but is 3.",
        ),
        (
            first(kernel_size=(25, 5), padding=(12, 0)),
            ValueError,
            "design[0]: the kernel must span at most the 24 rows of its input, padding apart, "
            "but spans 25.",
        ),
        (
            first(dilation=(1, 13)),
            ValueError,
            "design[0]: the kernel must span at most the 50 columns of its input, padding apart, "
            "but spans 53.",
        ),
        (
            first(padding=(2, 2)),
            ValueError,
            "design[0]: padding (height) must be at most 1 for a kernel with a span of 3, "
            "but is 2.",
        ),
        (
            first(kernel_size=(3, 4), dilation=(1, 3), padding=(1, 5)),
            ValueError,
            "design[0]: padding (width) must be at most 4 for a kernel with a span of 10, "
            "but is 5.",
        ),
    ],
)
def test_a_design_that_is_not_possible(design, error, said):
    with pytest.raises(error) as raised:
        read_design(design, PICTURE)
    assert type(raised.value) is error
    assert str(raised.value) == said
    assert raised.value.__context__ is None or raised.value.__suppress_context__


@pytest.mark.parametrize("picture", [(32, 120), 32, None, (3, 32, 120, 1), "abc"])
def test_a_picture_has_three_axes(picture):
    with pytest.raises(ValueError, match=r"^picture must be a size \(channels, height, width\), "):
        read_design(first(), picture)


def test_a_picture_has_cells():
    with pytest.raises(ValueError, match=r"^picture \(height\) must be at least 1, but is 0\.$"):
        read_design(first(), (3, 0, 120))


def test_the_longest_design():
    layer = {"in_channels": 3, "out_channels": 3, "kernel_size": 1}
    assert len(read_design([layer] * MOST_LAYERS, PICTURE).layers) == MOST_LAYERS


def test_the_largest_span_and_padding():
    [_, size] = read_design(first(kernel_size=(24, 50)), PICTURE).sizes
    assert size == (16, 1, 1)
    [_, size] = read_design(first(padding=(1, 2)), PICTURE).sizes
    assert size == (16, 24, 50)


# ------------------------------------------------------------------------- what is wanted


@pytest.fixture
def design() -> Design:
    """(3, 24, 50) to (16, 12, 50) to (8, 4, 24); one output sees 7 x 6."""
    layers = [
        {"in_channels": 3, "out_channels": 16, "kernel_size": 3, "stride": (2, 1), "padding": 1},
        {"in_channels": 16, "out_channels": 8, "kernel_size": (3, 4), "stride": (3, 2)},
    ]
    return read_design(layers, PICTURE)


def said_by(expectation, design, *wanted):
    with pytest.raises(AssertionError) as raised:
        expectation(design, *wanted)
    return str(raised.value)


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ((4, 4, 24), "The output has 8 channels, where 4 are wanted: 4 too many."),
        ((1064, 4, 24), "The output has 8 channels, where 1,064 are wanted: 1,056 too few."),
        ((8, 1, 24), "The output has a height of 4, where 1 is wanted: 3 too high."),
        ((8, 24, 4), "The output has a height of 4, where 24 is wanted: 20 too low."),
        ((8, 4, 22), "The output has a width of 24, where 22 is wanted: 2 too wide."),
        ((8, 4, 25), "The output has a width of 24, where 25 is wanted: 1 too narrow."),
    ],
)
def test_features(design, wanted, said):
    expect_features(design, (8, 4, 24))
    assert said_by(expect_features, design, wanted) == said


def test_field(design):
    assert design.field.size == (7, 6)
    expect_field(design, (7, 6))
    expect_field(design, 5)
    assert said_by(expect_field, design, (10, 6)) == (
        "The receptive field has a height of 7. At least 10 is wanted: 3 more."
    )
    assert said_by(expect_field, design, (7, 48)) == (
        "The receptive field has a width of 6. At least 48 is wanted: 42 more."
    )


def test_all_read(design):
    expect_all_read(design)
    skips = read_design(first(kernel_size=(2, 5), stride=(5, 1)), PICTURE)
    assert said_by(expect_all_read, skips) == (
        "No number of the output reads row 2 of the picture. Left unread: 14 of 24 rows."
    )
    stops = read_design(first(kernel_size=(3, 8), stride=(1, 4)), (3, 24, 51))
    assert said_by(expect_all_read, stops) == (
        "No number of the output reads column 48 of the picture. Left unread: 3 of 51 columns."
    )


def test_rows_that_a_later_layer_skips_are_unread():
    layers = [
        {"in_channels": 3, "out_channels": 3, "kernel_size": (2, 1), "stride": (2, 1)},
        {"in_channels": 3, "out_channels": 3, "kernel_size": (1, 1), "stride": (2, 1)},
    ]
    assert read_design(layers, (3, 12, 5)).unread == ((2, 3, 6, 7, 10, 11), ())


def test_budgets(design):
    assert design.parameters == (448, 1544)
    expect_parameters(design, 1992)
    assert said_by(expect_parameters, design, 900) == (
        "The design has 1,992 parameters, 1,092 more than the 900 allowed. "
        "design[1] has the most, 1,544."
    )
    assert design.multiply_accumulates == (432 * 12 * 50, 1536 * 4 * 24)
    expect_multiply_accumulates(design, 406_656)
    assert said_by(expect_multiply_accumulates, design, 400_000) == (
        "The design takes 406,656 multiply-accumulates, 6,656 more than the 400,000 allowed. "
        "design[0] takes the most, 259,200."
    )


def test_what_is_wanted_must_make_sense(design):
    with pytest.raises(ValueError, match=r"^features must be a size"):
        expect_features(design, (4, 24))
    with pytest.raises(ValueError, match=r"^least \(width\) must be at least 1, but is 0\.$"):
        expect_field(design, (3, 0))
    with pytest.raises(TypeError, match=r"^most must be an integer, but is 10000\.0\.$"):
        expect_parameters(design, 1e4)
    with pytest.raises(ValueError, match=r"^most must be at least 0, but is -1\.$"):
        expect_multiply_accumulates(design, -1)
