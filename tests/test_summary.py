"""Summaries: the two frameworks agree, and each with what it counts and computes itself."""

import subprocess
import sys
from dataclasses import replace

import keras
import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from convviz.fields import Window
from convviz.receptive_field import receptive_field
from convviz.summary import Row, summary

L = keras.layers

# --------------------------------------------------- the same architectures in both frameworks


def lenet_in_torch():
    features = [
        *(nn.Conv2d(1, 6, 5, padding=2), nn.Sigmoid(), nn.AvgPool2d(2)),
        *(nn.Conv2d(6, 16, (5, 3)), nn.Sigmoid(), nn.AvgPool2d(2)),
    ]
    classifier = [nn.Flatten(), nn.Linear(16 * 5 * 5, 120), nn.Linear(120, 84), nn.Linear(84, 10)]
    return nn.Sequential(*features, *classifier), (1, 28, 26)


def lenet_in_keras():
    layers = [
        *(L.Conv2D(6, 5, padding="same"), L.Activation("sigmoid"), L.AveragePooling2D(2)),
        *(L.Conv2D(16, (5, 3)), L.Activation("sigmoid"), L.AveragePooling2D(2)),
        *(L.Flatten(), L.Dense(120), L.Dense(84), L.Dense(10)),
    ]
    return keras.Sequential([L.Input((28, 26, 1)), *layers])


def vgg_in_torch():
    layers, channels = [], 3
    for count, filters in ((1, 8), (2, 16), (2, 24)):
        for _ in range(count):
            layers += [nn.Conv2d(channels, filters, 3, padding=1), nn.ReLU(inplace=True)]
            channels = filters
        layers.append(nn.MaxPool2d(2))
    classifier = [
        nn.Flatten(),
        nn.Linear(24 * 4 * 3, 64),
        nn.ReLU(),
        nn.Dropout(),
        nn.Linear(64, 5),
    ]
    return nn.Sequential(*layers, *classifier), (3, 33, 24)


def vgg_in_keras():
    layers = []
    for count, filters in ((1, 8), (2, 16), (2, 24)):
        for _ in range(count):
            layers += [L.Conv2D(filters, 3, padding="same"), L.ReLU()]
        layers.append(L.MaxPooling2D())
    classifier = [L.Flatten(), L.Dense(64), L.ReLU(), L.Dropout(0.5), L.Dense(5)]
    return keras.Sequential([L.Input((33, 24, 3)), *layers, *classifier])


class Residual(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 8, 3, stride=2, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(8)
        self.conv2 = nn.Conv2d(8, 8, (3, 5), padding=(1, 2), bias=False)
        self.bn2 = nn.BatchNorm2d(8)
        self.shortcut = nn.Conv2d(3, 8, 1, stride=2)

    def forward(self, x):
        y = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)))))
        y += self.shortcut(x)
        return torch.relu(y)


def residual_in_torch():
    return Residual(), (3, 15, 21)


def residual_in_keras():
    x = L.Input((15, 21, 3))
    y = L.Conv2D(8, 3, strides=2, padding="same", use_bias=False, name="conv1")(x)
    y = L.ReLU(name="relu_of_one")(L.BatchNormalization(name="bn1")(y))
    y = L.Conv2D(8, (3, 5), padding="same", use_bias=False, name="conv2")(y)
    y = L.BatchNormalization(name="bn2")(y)
    y = L.Add(name="add")([y, L.Conv2D(8, 1, strides=2, name="shortcut")(x)])
    return keras.Model(x, keras.ops.relu(y))


class Inception(nn.Module):
    def __init__(self):
        super().__init__()
        self.one = nn.Conv2d(6, 4, 1)
        self.three = nn.Sequential(nn.Conv2d(6, 3, 1), nn.Conv2d(3, 8, 3, padding=1))
        self.five = nn.Sequential(nn.Conv2d(6, 2, 1), nn.Conv2d(2, 4, (5, 7), padding="same"))
        self.pool = nn.MaxPool2d(3, stride=1, padding=1)
        self.after = nn.Conv2d(6, 2, 1)

    def forward(self, x):
        return torch.cat(
            [self.one(x), self.three(x), self.five(x), self.after(self.pool(x))], dim=1
        )


def inception_in_torch():
    return nn.Sequential(nn.Conv2d(3, 6, 3, stride=2), Inception(), nn.AdaptiveAvgPool2d(1)), (
        *(3, 19, 17),
    )


def inception_in_keras():
    x = L.Input((9, 8, 6))
    three = keras.Sequential([L.Conv2D(3, 1), L.Conv2D(8, 3, padding="same")])(x)
    five = keras.Sequential([L.Conv2D(2, 1), L.Conv2D(4, (5, 7), padding="same")])(x)
    pool = L.MaxPooling2D(3, strides=1, padding="same")(x)
    branches = [L.Conv2D(4, 1)(x), three, five, L.Conv2D(2, 1)(pool)]
    module = keras.Model(x, L.Concatenate()(branches))
    average = L.GlobalAveragePooling2D(keepdims=True)
    return keras.Sequential([L.Input((19, 17, 3)), L.Conv2D(6, 3, strides=2), module, average])


def mobilenet_in_torch():
    depthwise = nn.Conv2d(12, 24, (3, 5), padding=(1, 2), groups=12, bias=False)
    block = [depthwise, nn.BatchNorm2d(24), nn.ReLU6(), nn.Conv2d(24, 10, 1), nn.BatchNorm2d(10)]
    return nn.Sequential(nn.Conv2d(3, 12, 3, stride=2, padding=1), *block), (3, 17, 13)


def mobilenet_in_keras():
    depthwise = L.DepthwiseConv2D((3, 5), padding="same", depth_multiplier=2, use_bias=False)
    block = [depthwise, L.BatchNormalization(), L.ReLU(6), L.Conv2D(10, 1), L.BatchNormalization()]
    return keras.Sequential(
        [L.Input((17, 13, 3)), L.Conv2D(12, 3, strides=2, padding="same"), *block]
    )


ARCHITECTURES = {
    "LeNet": (lenet_in_torch, lenet_in_keras),
    "VGG": (vgg_in_torch, vgg_in_keras),
    "residual": (residual_in_torch, residual_in_keras),
    "Inception": (inception_in_torch, inception_in_keras),
    "MobileNet": (mobilenet_in_torch, mobilenet_in_keras),
}

KINDS = {
    "DepthwiseConv2D": "Conv2d",
    "Conv2D": "Conv2d",
    "BatchNormalization": "BatchNorm2d",
    "AveragePooling2D": "AvgPool2d",
    "MaxPooling2D": "MaxPool2d",
    "GlobalAveragePooling2D": "AdaptiveAvgPool2d",
    "Dense": "Linear",
    "Activation": "Sigmoid",
    "Concatenate": "cat",
}


def as_in_torch(row: Row) -> Row:
    size = row.output_size
    if len(size) == 3:
        size = (size[2], *size[:2])
    return replace(row, kind=KINDS.get(row.kind, row.kind), output_size=size)


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_frameworks_agree(name):
    in_torch, in_keras = (build() for build in ARCHITECTURES[name])
    torchs, kerass = summary(*in_torch), summary(in_keras)
    # Kinds of activations differ in their spelling only.
    rows = [
        [replace(row, name="", kind=row.kind.lower().removesuffix("6")) for row in rows]
        for rows in (torchs.rows, map(as_in_torch, kerass.rows))
    ]
    assert rows[0] == rows[1] and len(rows[0]) >= 6
    assert None not in [row.receptive_field for row in torchs.rows]
    assert (torchs.parameters, torchs.macs) == (kerass.parameters, kerass.macs)
    assert torchs.statistics == kerass.statistics
    if name == "residual":
        names = [[row.name.split("_")[0] for row in table.rows] for table in (torchs, kerass)]
        assert names[0] == names[1]


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_agrees_with_torch_itself(name):
    model, input_size = ARCHITECTURES[name][0]()
    table = summary(model, input_size)
    assert table.parameters == sum(parameter.numel() for parameter in model.parameters())
    assert table.parameters == sum(row.parameters for row in table.rows)
    counter = FlopCounterMode(display=False)
    with counter, torch.no_grad():
        output = model.eval()(torch.zeros(1, *input_size))
    assert 2 * table.macs == counter.get_total_flops()
    assert table.rows[-1].output_size == output.shape[1:]


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_agrees_with_keras_itself(name):
    model = ARCHITECTURES[name][1]()
    table = summary(model)
    assert table.parameters + table.statistics == model.count_params()
    assert table.rows[-1].output_size == model.output_shape[1:]
    for row in table.rows:
        if "." not in row.name and row.kind != "Relu":
            layer = model.get_layer(row.name)
            assert row.output_size == layer.output.shape[1:]
            assert row.kind == type(layer).__name__


def seen_by_the_middle(model, input_size):
    """Size of the region that a middle output cell depends on, by PyTorch's gradient."""
    for parameter in model.parameters():
        nn.init.constant_(parameter, 0.01)
    x = torch.ones(1, *input_size, dtype=torch.float64, requires_grad=True)
    y = model.double().eval()(x)
    (found,) = torch.autograd.grad(y[0, :, y.shape[2] // 2, y.shape[3] // 2].sum(), x)
    rows, columns = np.nonzero(found[0].sum(dim=0).numpy())
    return int(np.ptp(rows)) + 1, int(np.ptp(columns)) + 1


@pytest.mark.parametrize(
    ("model", "input_size"),
    [
        (lenet_in_torch()[0][:6], (1, 60, 60)),
        (nn.Sequential(Residual(), nn.AvgPool2d((1, 2)), nn.Conv2d(8, 2, 3)), (3, 61, 61)),
        (inception_in_torch()[0][:2], (3, 61, 61)),
        (mobilenet_in_torch()[0], (3, 41, 41)),
        (nn.Sequential(nn.ZeroPad2d((2, 0, 0, 1)), nn.Conv2d(1, 1, (2, 4), 2)), (1, 30, 30)),
    ],
    ids=["LeNet", "residual", "Inception", "MobileNet", "padded"],
)
def test_receptive_field_equals_the_gradient(model, input_size):
    # Maximum pooling has a gradient at one cell only; the average sees the same.
    if isinstance(model[1], Inception):
        model[1].pool = nn.AvgPool2d(3, stride=1, padding=1)
    assert summary(model, input_size).rows[-1].receptive_field == seen_by_the_middle(
        model, input_size
    )


def test_receptive_field_of_uneven_branches():
    """Where neither branch's field lies within the other's, the whole is wider than both."""

    class Branches(nn.Module):
        def forward(self, x):
            flat = F.avg_pool2d(x, (1, 5), stride=1, padding=(0, 2))
            return flat + F.max_pool2d(x, (3, 1), stride=1, padding=(1, 0))

    table = summary(Branches(), (1, 9, 9))
    assert [row.receptive_field for row in table.rows] == [(1, 5), (3, 1), (3, 5)]

    x = L.Input((9, 9, 1))
    four = L.Conv2D(1, 4, padding="same")(x)  # 1 before, 2 after
    shifted = L.Conv2D(1, 4)(L.ZeroPadding2D(((2, 1), (3, 0)))(x))
    merged = summary(keras.Model(x, L.Add()([four, shifted]))).rows[-1]
    assert merged.receptive_field == (5, 6)


def test_receptive_field_of_a_chain_is_that_of_its_formula():
    model, input_size = vgg_in_torch()
    conv, pool = Window(3, padding=1), Window(2, stride=2)
    wanted = receptive_field([conv, pool, conv, conv, pool, conv, conv, pool])
    rows = summary(model, input_size).rows
    assert rows[-6].kind == "MaxPool2d" and rows[-6].receptive_field == wanted.size
    # The first fully connected layer sees what all 4 x 3 places see.
    fully_connected = tuple(
        size + (n - 1) * jump
        for size, n, jump in zip(wanted.size, (4, 3), wanted.jump, strict=True)
    )
    assert rows[-1].receptive_field == fully_connected


# ------------------------------------------------------------------------ layers, one by one


@pytest.mark.parametrize(
    ("layer", "input_size"),
    [
        (nn.Conv2d(6, 4, (3, 2), stride=2, padding=(2, 1), dilation=2, groups=2), (6, 12, 9)),
        (nn.Conv2d(3, 4, 3, padding="same", padding_mode="circular"), (3, 7, 9)),
        (nn.ConvTranspose2d(4, 6, (3, 2), stride=(3, 2), padding=1, groups=2), (4, 7, 9)),
        (nn.Linear(9, 5), (3, 7, 9)),
    ],
)
def test_macs_and_parameters_of_torchs_layers(layer, input_size):
    (row,) = summary(layer, input_size).rows
    counter = FlopCounterMode(display=False)
    with counter, torch.no_grad():
        output = layer(torch.zeros(1, *input_size))
    assert 2 * row.macs == counter.get_total_flops()
    assert row.output_size == output.shape[1:]
    assert row.parameters == sum(parameter.numel() for parameter in layer.parameters())


@pytest.mark.parametrize(
    ("layer", "twin"),
    [
        (L.Conv2D(6, (3, 2), strides=2, groups=2), nn.Conv2d(4, 6, (3, 2), 2, groups=2)),
        (L.Conv2D(6, 3, dilation_rate=(2, 3)), nn.Conv2d(4, 6, 3, dilation=(2, 3))),
        (L.Conv2DTranspose(6, (3, 2), strides=2), nn.ConvTranspose2d(4, 6, (3, 2), 2)),
        (
            L.SeparableConv2D(6, (3, 2), depth_multiplier=3),
            nn.Sequential(nn.Conv2d(4, 12, (3, 2), groups=4, bias=False), nn.Conv2d(12, 6, 1)),
        ),
        (L.MaxPooling2D(3, strides=2), nn.MaxPool2d(3, 2)),
        (L.GlobalMaxPooling2D(keepdims=True), nn.AdaptiveMaxPool2d(1)),
        (L.ZeroPadding2D(((1, 2), (3, 0))), nn.ZeroPad2d((3, 0, 1, 2))),
        (L.UpSampling2D(2), nn.Upsample(scale_factor=2)),
        (L.Softmax(), nn.Softmax(dim=1)),
        (L.LeakyReLU(), nn.LeakyReLU()),
    ],
)
def test_keras_layers_equal_their_twins(layer, twin):
    theirs = summary(keras.Sequential([L.Input((9, 11, 4)), layer]))
    ours = summary(twin, (4, 9, 11))
    row = as_in_torch(theirs.rows[-1])
    assert row.output_size == ours.rows[-1].output_size
    assert row.receptive_field == ours.rows[-1].receptive_field
    assert (theirs.parameters, theirs.macs) == (ours.parameters, ours.macs)
    assert theirs.parameters == layer.count_params() and not theirs.not_counted


@pytest.mark.parametrize(
    ("function", "field"),
    [
        (lambda x: F.max_pool2d(x, 2), (4, 4)),
        (lambda x: torch.max_pool2d(x, (2, 1), 1, 0, (3, 1)), (6, 3)),
        (lambda x: F.avg_pool2d(x, kernel_size=(2, 3), stride=1, padding=(1, 0)), (4, 5)),
        (lambda x: F.adaptive_avg_pool2d(x, (2, 3)), (6, 5)),
        (lambda x: F.adaptive_avg_pool2d(x, (3, 3)), None),  # 8 is not a multiple of 3
        (lambda x: x.mean((2, 3)), (10, 11)),
        (lambda x: x.mean(dim=[2, 3], keepdim=True), (10, 11)),
        (lambda x: x.mean(dim=2), None),
        (lambda x: torch.softmax(x, dim=1), (3, 3)),
        (lambda x: F.softmax(x, dim=2), None),
        (lambda x: torch.cat([x, x], 1), (3, 3)),
        (lambda x: torch.cat([x, x], dim=2), None),
        (lambda x: 1 / (2 - x), (3, 3)),
        (lambda x: x * torch.ones(1, 4, 1, 1), (3, 3)),
        (lambda x: x.view(x.size(0), -1), (3, 3)),
        (lambda x: x.view(x.size(0), 2, -1), None),
        (lambda x: x * F.adaptive_avg_pool2d(x, 1), None),
        (lambda x: x * x.mean((2, 3), keepdim=True), None),
    ],
)
def test_functions_between_modules(function, field):
    class Model(nn.Module):
        def __init__(self):
            super().__init__()
            self.conv = nn.Conv2d(3, 4, 3)

        def forward(self, x):
            return function(self.conv(x))

    table = summary(Model(), (3, 10, 11))
    assert table.rows[0].receptive_field == (3, 3)
    assert table.rows[-1].receptive_field == field
    assert table.not_counted == ()


# ------------------------------------------------------------------- what is counted, and when


class Own(nn.Module):
    """Of a kind that is not known."""

    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(5))

    def forward(self, x):
        return 2 * x


def test_unknown_layers_are_named_and_not_guessed_at():
    class Wider(nn.Conv2d):
        def forward(self, x):
            return super().forward(super().forward(x))

    model = nn.Sequential(nn.Conv2d(2, 2, 3), Own(), Wider(2, 2, 1), nn.Conv2d(2, 2, 1), Own())
    table = summary(model, (2, 6, 7))
    assert table.not_counted == ("Own", "Wider")
    assert [row.macs for row in table.rows] == [720, None, None, 80, None]
    assert [row.receptive_field for row in table.rows] == [(3, 3), *[None] * 4]
    assert table.macs == 800 and "≥ 800" in repr(table)
    assert "not counted: Own, Wider" in repr(table)
    assert table.parameters == sum(parameter.numel() for parameter in model.parameters())

    @keras.saving.register_keras_serializable("tests")
    class Scale(L.Layer):
        def build(self, input_shape):
            self.scale = self.add_weight(shape=(input_shape[-1],))

        def call(self, x):
            return x * self.scale

    class Conv2D(L.Conv2D):
        pass

    model = keras.Sequential([L.Input((6, 7, 2)), Scale(), Conv2D(3, 2), L.Dense(4)])
    table = summary(model)
    assert table.not_counted == ("Scale", "Conv2D")
    assert [row.macs for row in table.rows] == [None, None, 5 * 6 * 4 * 3]
    assert table.parameters == model.count_params()


def test_functions_that_are_not_known():
    class Model(nn.Module):
        def __init__(self):
            super().__init__()
            self.scale = nn.Parameter(torch.ones(3, 1, 1))
            self.inner = nn.Sequential(nn.Conv2d(3, 3, 1))

        def forward(self, x):
            return torch.einsum("nchw, nkhw -> nck", self.inner(x) * self.scale, x.detach())

    table = summary(Model(), (3, 4, 5))
    assert [(row.name, row.kind) for row in table.rows] == [
        *(("inner.0", "Conv2d"), ("mul", "mul"), ("einsum", "einsum"), ("", "Model")),
    ]
    assert table.not_counted == ("einsum", "Model")
    assert [row.parameters for row in table.rows] == [12, 0, 0, 3]


def test_whole_modules_of_torch_are_not_looked_into():
    class Model(nn.Module):
        def __init__(self):
            super().__init__()
            self.attention = nn.MultiheadAttention(6, 2, batch_first=True)

        def forward(self, x):
            x = x.flatten(2)
            return self.attention(x, x, x)[0]

    model = Model()
    table = summary(model, (4, 2, 3))
    assert table.not_counted == ("MultiheadAttention",) and table.not_called == {}
    assert table.parameters == sum(parameter.numel() for parameter in model.parameters())
    assert table.rows[1].output_size is None


def test_shared_layers_are_counted_once_and_computed_twice():
    conv = nn.Conv2d(2, 2, 3, padding=1)
    table = summary(nn.Sequential(conv, nn.ReLU(), conv), (2, 5, 6))
    first, _, second = table.rows
    assert (first.parameters, second.parameters, table.parameters) == (38, 0, 38)
    assert first.macs == second.macs == 36 * 30 and table.macs == 2 * 36 * 30
    assert (first.receptive_field, second.receptive_field) == ((3, 3), (5, 5))

    block = keras.Sequential([L.Conv2D(2, 3, padding="same"), L.BatchNormalization()])
    x = L.Input((5, 6, 2))
    model = keras.Model(x, block(block(x)))
    table = summary(model)
    assert [row.parameters for row in table.rows] == [38, 4, 0, 0]
    assert table.parameters + table.statistics == model.count_params()
    assert table.rows[-1].receptive_field == (5, 5)


def test_tied_weights_are_counted_once():
    first, second = nn.Conv2d(2, 2, 3), nn.Conv2d(2, 2, 3)
    second.weight = first.weight
    table = summary(nn.Sequential(first, second), (2, 7, 7))
    assert [row.parameters for row in table.rows] == [38, 2]


def test_what_is_not_called_is_named():
    class Model(nn.Module):
        def __init__(self):
            super().__init__()
            self.used, self.head = nn.Conv2d(1, 1, 2), nn.Sequential(nn.Linear(3, 4), nn.ReLU())

        def forward(self, x):
            return self.head(self.used(x)) if self.training else self.used(x)

    table = summary(Model(), (1, 4, 4))
    assert table.not_called == {"head.0": 16} and table.parameters == 21
    assert "not called, but in the total of parameters: head.0 (16)" in repr(table)


def test_frozen_parameters_count():
    model = nn.Sequential(nn.Conv2d(1, 2, 3)).requires_grad_(False)
    assert summary(model, (1, 4, 4)).parameters == 20
    model = keras.Sequential([L.Input((4, 4, 1)), L.Conv2D(2, 3), L.BatchNormalization()])
    model.trainable = False
    table = summary(model)
    assert (table.parameters, table.statistics) == (24, 4)


def test_nested_models_have_dotted_names():
    inner = keras.Sequential([L.Conv2D(2, 1, name="a"), L.ReLU(name="b")], name="inner")
    outer = keras.Sequential([L.Input((4, 5, 1)), inner, L.Conv2D(2, 1, name="c")], name="outer")
    x = L.Input((4, 5, 1))
    model = keras.Model(x, L.Flatten(name="d")(outer(x)))
    assert [row.name for row in summary(model).rows] == [
        *("outer.inner.a", "outer.inner.b", "outer.c", "d"),
    ]
    model = nn.Sequential(nn.Sequential(nn.Conv2d(1, 2, 1), nn.ModuleDict({"x": nn.ReLU()})["x"]))
    assert [row.name for row in summary(model, (1, 2, 2)).rows] == ["0.0", "0.1"]


# ------------------------------------------------------------------------- a model is left alone


def test_torch_model_is_as_before():
    inner = nn.Sequential(nn.Conv2d(2, 3, 1), Residual())
    model = nn.Sequential(nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2), nn.Dropout(), inner)
    model.train()
    model[1].eval()
    before = {name: value.clone() for name, value in model.state_dict().items()}
    modes = [module.training for module in model.modules()]
    torch.manual_seed(5)
    state = torch.get_rng_state()
    for input_size in ((1, 16, 18), (2, 16, 18)):  # one that goes through, one that does not
        try:
            summary(model, input_size)
        except ValueError:
            assert input_size == (2, 16, 18)
        assert [module.training for module in model.modules()] == modes
        assert all(torch.equal(before[name], value) for name, value in model.state_dict().items())
        assert torch.equal(torch.get_rng_state(), state)
        for module in model.modules():
            assert not module._forward_hooks and not module._forward_pre_hooks
        assert all(parameter.grad is None for parameter in model.parameters())


def test_keras_model_is_as_before():
    model = keras.Sequential([L.Conv2D(2, 3), L.BatchNormalization()])
    assert summary(model, (6, 7, 3)).parameters == 60
    assert not model.built and not model.layers[0].built
    assert summary(model, (9, 9, 1)).parameters == 24

    x = L.Input((None, None, 3))
    model = keras.Model(x, L.Conv2D(2, 3)(x))
    nodes = len(model.layers[1]._inbound_nodes)
    assert summary(model, (6, 7, 3)).rows[0].output_size == (4, 5, 2)
    assert len(model.layers[1]._inbound_nodes) == nodes


def test_meta_device_and_other_types():
    model, input_size = vgg_in_torch()
    wanted = summary(model, input_size)
    assert summary(model.double(), input_size) == wanted
    assert summary(model.to("meta"), input_size) == wanted
    assert summary(nn.ReLU(), (1, 2, 3)).rows[0].output_size == (1, 2, 3)


# ------------------------------------------------------------------------------------ the tables


def test_table():
    model = nn.Sequential(nn.Conv2d(1, 6, 5), nn.BatchNorm2d(6), nn.Upsample(scale_factor=2))
    table = summary(model, (1, 28, 26))
    assert repr(table) == repr(summary(model, (1, 28, 26)))
    assert repr(table).splitlines() == [
        "layer  kind         output (C, H, W)  parameters  multiply-accumulates  receptive field",
        "---------------------------------------------------------------------------------------",
        "0      Conv2d       6 × 24 × 22              156                79,200            5 × 5",
        "1      BatchNorm2d  6 × 24 × 22               12                     0            5 × 5",
        "2      Upsample     6 × 48 × 44                0                     0                —",
        "---------------------------------------------------------------------------------------",
        "total                                        168                79,200",
        "running means and variances, not parameters: 12",
    ]
    assert table._repr_markdown_().splitlines() == [
        "| layer | kind | output (C, H, W) | parameters | multiply-accumulates | receptive field |",
        "| :-- | :-- | :-- | --: | --: | --: |",
        "| `0` | Conv2d | 6 × 24 × 22 | 156 | 79,200 | 5 × 5 |",
        "| `1` | BatchNorm2d | 6 × 24 × 22 | 12 | 0 | 5 × 5 |",
        "| `2` | Upsample | 6 × 48 × 44 | 0 | 0 | — |",
        "| **total** |  |  | **168** | **79,200** |  |",
        "",
        "running means and variances, not parameters: 12",
    ]


def test_table_of_the_example_in_keras():
    model = keras.Sequential([L.Input((4, 4, 2)), L.Conv2D(2, 3, name="conv")])
    assert repr(summary(model)).splitlines()[2:] == [
        "conv   Conv2D  2 × 2 × 2                 38                   144            3 × 3",
        "----------------------------------------------------------------------------------",
        "total                                    38                   144",
    ]


# ---------------------------------------------------------------------------------------- errors


class Two(nn.Module):
    def forward(self, x, y):
        return x + y


class Subclassed(keras.Model):
    def __init__(self):
        super().__init__()
        self.conv = L.Conv2D(2, 3)

    def call(self, x):
        return self.conv(x)


def two_inputs():
    left, right = L.Input((4, 4, 1), name="left"), L.Input((4, 4, 1), name="right")
    return keras.Model([left, right], L.Add()([left, right]))


def channels_first():
    return keras.Sequential([L.Input((1, 4, 4)), L.MaxPooling2D(data_format="channels_first")])


CONV = nn.Sequential(nn.ReLU(), nn.Conv2d(3, 4, 3))

MISTAKES = [
    (lambda: 3, (1, 2, 3), TypeError, "model must be a torch.nn.Module or a keras.Model, but is 3"),
    (lambda: L.ReLU(), (1, 2, 3), TypeError, "model must be .* <ReLU"),
    (lambda: CONV, None, ValueError, r"input_size must be given, as \(C, H, W\)"),
    (lambda: CONV, (3, 9), ValueError, r"input_size must be three integers.* \(3, 9\)"),
    (lambda: CONV, 9, ValueError, "input_size must be three integers.* 9"),
    (lambda: CONV, (3, 9, 0), ValueError, "input_size must be at least 1, but is 0"),
    (lambda: CONV, (3, 9, 9.0), TypeError, "input_size must be an integer, but is 9.0"),
    (lambda: CONV, (9, 9, 3), ValueError, r"input_size \(9, 9, 3\).* \(in 1\): .*3 channels"),
    (lambda: Two(), (3, 9, 9), ValueError, "one input, but Two.forward takes x, y"),
    (lambda: nn.LazyConv2d(3, 3), (3, 9, 9), ValueError, "lazy .* Call the model once"),
    (Subclassed, (9, 9, 3), ValueError, "Subclassed is subclassed: it keeps no graph"),
    (two_inputs, None, ValueError, "one input, but .* has 2: left, right"),
    (channels_first, None, ValueError, "max_pooling2d.* channels_first"),
    (lambda: keras.Sequential([L.ReLU()]), None, ValueError, "input_size .* not built yet"),
    (residual_in_keras, (15, 21, 4), ValueError, r"takes \(15, 21, 3\) .* is \(15, 21, 4\)"),
    (
        lambda: keras.Sequential([L.Input((None, None, 3)), L.ReLU()]),
        *(None, ValueError, r"input_size must be given.* takes \(None, None, 3\)"),
    ),
    (
        lambda: keras.Sequential([L.Input((None, None, 3)), L.Conv2D(1, 5)]),
        *((4, 9, 3), ValueError, r"input_size \(4, 9, 3\).* does not go through"),
    ),
    (
        lambda: keras.Sequential([L.Input((7,)), L.Dense(1)]),
        *(None, ValueError, r"takes \(7,\)"),
    ),
]


@pytest.mark.parametrize(("build", "input_size", "error", "message"), MISTAKES)
def test_mistakes_are_named(build, input_size, error, message):
    with pytest.raises(error, match=message):
        summary(build(), input_size)


def test_frameworks_are_imported_by_their_users():
    program = """if True:
        import sys
        import convviz.pooling, convviz.receptive_field, convviz.transposed
        from convviz.summary import summary
        frameworks = {"torch", "tensorflow", "keras"}
        assert not frameworks & set(sys.modules)
        try:
            summary(3)
        except TypeError:
            pass
        assert not frameworks & set(sys.modules)
        import torch
        summary(torch.nn.ReLU(), (1, 2, 3))
        assert not {"tensorflow", "keras"} & set(sys.modules)
    """
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)
