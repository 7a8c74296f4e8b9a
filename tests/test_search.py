"""A search for settings in which convviz is wrong, far beyond what is kept in tests/cases.

Geometry is compared with laying a kernel down cell by cell, everything else with the frameworks.
Images and weights are small integers, so that every sum is exact and nothing needs a tolerance.
"""

import dataclasses

import numpy as np
import torch
import torch.nn.functional as F
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from convviz import (
    ConvLayer,
    avg_pool2d,
    conv2d,
    conv_transpose2d,
    from_keras,
    from_torch,
    make_axes,
    max_pool2d,
    output_size,
    trace,
    transposed_output_size,
)
from convviz.ops import PADDING_MODES
from tests.cases.frameworks import uncompiled
from tests.course import read_source


def pairs(least, most):
    """One number for both axes, or one for each."""
    numbers = st.integers(least, most)
    return numbers | st.tuples(numbers, numbers)


def as_pair(value):
    return value if isinstance(value, tuple) else (value, value)


sizes = st.tuples(st.integers(1, 9), st.integers(1, 11))
kernels = st.tuples(st.integers(1, 4), st.integers(1, 5))
sides = st.tuples(*[st.tuples(st.integers(0, 4), st.integers(0, 4))] * 2)
paddings = st.sampled_from(["valid", "same"]) | pairs(0, 4) | sides
geometries = st.fixed_dictionaries(
    {"stride": pairs(1, 4), "padding": paddings, "dilation": pairs(1, 3)}
)
seeds = st.integers(0, 2**32 - 1)


def whole_numbers(seed, *shape):
    return np.random.default_rng(seed).integers(-9, 10, shape)


@st.composite
def layers(draw, geometry=geometries, modes=PADDING_MODES):
    """A layer and an image on which it has an output, as `conv2d` takes them."""
    groups, c_in, c_out = (draw(st.integers(1, 3)) for _ in range(3))
    if draw(st.booleans()):
        groups, c_in = max(groups, 2), 1
    size, kernel, seed = draw(sizes), draw(kernels), draw(seeds)
    layer = {
        "input": whole_numbers(seed, groups * c_in, *size),
        "weight": whole_numbers(seed + 1, groups * c_out, c_in, *kernel),
        "bias": whole_numbers(seed + 2, groups * c_out) if draw(st.booleans()) else None,
        **draw(geometry),
        "groups": groups,
        "padding_mode": draw(st.sampled_from(modes)),
    }
    assume(all(axis.fits for axis in axes_of(layer)))
    most = {"reflect": [n - 1 for n in size], "circular": size}.get(layer["padding_mode"], (99, 99))
    assume(all(max(a.padding) <= n for a, n in zip(axes_of(layer), most, strict=True)))
    return layer


def axes_of(layer):
    geometry = {name: layer[name] for name in ("stride", "padding", "dilation")}
    return make_axes(layer["input"].shape[-2:], layer["weight"].shape[-2:], **geometry)


# ---------------------------------------------------------------------------------- geometry


def lay_down(cells, kernel, stride, dilation):
    """Which cells of a strip each place of the kernel covers."""
    places = []
    for start in range(0, cells, stride):
        covered = [start + u * dilation for u in range(kernel)]
        if covered[-1] < cells:
            places.append(covered)
    return places


def pad_by_hand(padding, k, size, kernel, stride, dilation):
    """Cells before and after, along axis k."""
    if padding == "valid":
        return 0, 0
    if padding == "same":
        total = 0
        while len(lay_down(size + total, kernel, stride, dilation)) < -(-size // stride):
            total += 1
        return total // 2, (total + 1) // 2
    return as_pair(as_pair(padding)[k])


@given(sizes, kernels, geometries)
def test_sizes_and_unread_cells_are_what_laying_down_the_kernel_gives(size, kernel, geometry):
    stride, dilation = as_pair(geometry["stride"]), as_pair(geometry["dilation"])
    places = []
    axes = make_axes(size, kernel, **geometry)
    for k, axis in enumerate(axes):
        along = size[k], kernel[k], stride[k], dilation[k]
        before, after = pad_by_hand(geometry["padding"], k, *along)
        places.append(lay_down(before + size[k] + after, *along[1:]))
        read = [cell - before for cells in places[k] for cell in cells]
        every = range(-before, size[k] + after)
        assert axis.padding == (before, after)
        assert axis.reads.tolist() == [[c - before for c in cells] for cells in places[k]]
        assert axis.counts.tolist() == [read.count(cell) for cell in every]
        assert axis.unread == tuple(cell for cell in every if cell not in read)
        assert axis.remainder == (every[-1] - read[-1] if read else 0)
    if all(places):
        assert output_size(size, kernel, **geometry) == tuple(map(len, places))
    assert [axis.fits for axis in axes] == list(map(bool, places))


@given(layers(modes=["zeros"]))
def test_an_input_cell_counts_in_as_many_outputs_as_read_it(layer):
    """The counts of both axes, multiplied, are what a convolution of ones does to each cell."""
    height, width = axes_of(layer)
    counts = np.outer(height.counts, width.counts)
    (top, bottom), (left, right) = height.padding, width.padding
    inside = counts[top : len(counts) - bottom, left : counts.shape[1] - right]
    ones = torch.ones(1, 1, *inside.shape, dtype=torch.float64, requires_grad=True)
    kernel = torch.ones(1, 1, height.kernel, width.kernel, dtype=torch.float64)
    geometry = {
        "stride": (height.stride, width.stride),
        "dilation": (height.dilation, width.dilation),
    }
    F.conv2d(F.pad(ones, (left, right, top, bottom)), kernel, **geometry).sum().backward()
    assert np.array_equal(inside, ones.grad[0, 0])


# ---------------------------------------------------------------------------------- numbers


@given(layers(), st.data())
def test_a_trace_sums_to_the_output(layer, data):
    output = conv2d(**layer)
    at = tuple(data.draw(st.integers(0, n - 1)) for n in output.shape)
    taken = trace(**layer, at=at)
    assert taken.output == output[at]
    assert taken.partial_sums.sum() + (taken.bias or 0) == output[at]
    assert np.array_equal(taken.partial_sums, taken.products.sum(axis=(1, 2)))
    assert np.array_equal(taken.products, taken.window * taken.weight)
    assert np.array_equal(taken.weight, layer["weight"][at[0]])
    per_group = layer["weight"].shape[1]
    group = at[0] // (len(layer["weight"]) // layer["groups"])
    assert taken.channels == tuple(range(group * per_group, (group + 1) * per_group))
    for c, u, v in np.ndindex(taken.window.shape):
        row, column = taken.rows[u], taken.columns[v]
        if 0 <= row < layer["input"].shape[1] and 0 <= column < layer["input"].shape[2]:
            assert taken.window[c, u, v] == layer["input"][taken.channels[c], row, column]
        elif layer["padding_mode"] == "zeros":
            assert taken.window[c, u, v] == 0


def is_refused(run):
    """Whether PyTorch refuses; otherwise what it computes."""
    try:
        return False, run()
    except RuntimeError:
        return True, None


pooled_images = st.builds(
    lambda seed, channels, size: whole_numbers(seed, 1, channels, *size).astype(float),
    seeds,
    st.integers(1, 3),
    sizes,
)
poolings = {
    "kernel_size": pairs(1, 5),
    "stride": st.none() | pairs(1, 4),
    "padding": pairs(0, 3),
    "ceil_mode": st.booleans(),
}


def compare_pooling(ours, theirs, image, settings):
    refused, expected = is_refused(lambda: theirs(torch.tensor(image), **settings))
    if refused:
        with np.testing.assert_raises(ValueError):
            ours(image, **settings)
    else:
        np.testing.assert_allclose(ours(image, **settings), expected, rtol=1e-13, strict=True)


@given(pooled_images, st.fixed_dictionaries(poolings | {"dilation": pairs(1, 3)}))
def test_max_pooling_is_pytorchs(image, settings):
    compare_pooling(max_pool2d, F.max_pool2d, image, settings)


@given(pooled_images, st.fixed_dictionaries(poolings | {"count_include_pad": st.booleans()}))
def test_average_pooling_is_pytorchs(image, settings):
    compare_pooling(avg_pool2d, F.avg_pool2d, image, settings)


transpositions = st.fixed_dictionaries(
    {
        "stride": pairs(1, 4),
        "padding": pairs(0, 4),
        "output_padding": pairs(0, 3),
        "dilation": pairs(1, 3),
        "groups": st.integers(1, 3),
    }
)


@given(sizes, kernels, transpositions, st.integers(1, 2), st.integers(1, 2), st.booleans(), seeds)
def test_transposed_convolution_is_pytorchs(size, kernel, settings, c_in, c_out, biased, seed):
    groups = settings["groups"]
    input = whole_numbers(seed, 2, groups * c_in, *size)
    weight = whole_numbers(seed + 1, groups * c_in, c_out, *kernel)
    bias = whole_numbers(seed + 2, groups * c_out) if biased else None
    tensors = [None if a is None else torch.tensor(a).double() for a in (input, weight, bias)]
    refused, expected = is_refused(lambda: F.conv_transpose2d(*tensors, **settings).numpy())
    if refused:
        with np.testing.assert_raises(ValueError):
            conv_transpose2d(input, weight, bias, **settings)
        return
    assert np.array_equal(conv_transpose2d(input, weight, bias, **settings), expected)
    del settings["groups"]
    if any(isinstance(value, tuple) for value in (size, *settings.values())):
        assert transposed_output_size(size, kernel, **settings) == expected.shape[2:]


# ---------------------------------------------------------------------------------- adapters


def conv_layer(layer):
    return ConvLayer(**{name: value for name, value in layer.items() if name != "input"})


def same_layer(one, other):
    """Whether two layers have the same weights and settings, however the padding is written."""
    fields = [field.name for field in dataclasses.fields(ConvLayer) if field.name != "padding"]
    return all(np.array_equal(getattr(one, name), getattr(other, name)) for name in fields)


@given(layers())
def test_to_pytorch_and_back(layer):
    image, original = layer["input"], conv_layer(layer)
    made = original.to_torch(input_size=image.shape[1:])
    back = from_torch(made)
    expected = conv2d(**layer)
    with torch.no_grad():
        assert np.array_equal(made(torch.tensor(image).float()[None])[0], expected)
    assert np.array_equal(back(image), expected)
    if back.padding_mode != original.padding_mode:  # where nothing is padded, it says nothing
        back = dataclasses.replace(back, padding_mode=original.padding_mode)
    assert same_layer(back, original)


@given(layers(modes=["zeros"]))
@settings(max_examples=60)
def test_to_keras_and_back(layer):
    image, original = layer["input"], conv_layer(layer)
    strided, dilated = max(original.stride) > 1, max(original.dilation) > 1
    if strided and dilated and original.groups < original.in_channels:
        with np.testing.assert_raises_regex(ValueError, "has no equal in Keras"):
            original.to_keras()
        return
    made = original.to_keras()
    expected = conv2d(**layer)
    with uncompiled():
        computed = np.asarray(made(image.transpose(1, 2, 0)[None].astype("float32")))
    assert np.array_equal(computed[0].transpose(2, 0, 1), expected)
    back = from_keras(made)
    assert np.array_equal(back(image), expected)
    assert same_layer(back, original)


# ---------------------------------------------------------------------------------- gradients


def functions_of(assignment):
    """What the cells to be answered define, in the teacher's version."""
    names = {"np": np}
    for cell in read_source(assignment).cells:
        marks = cell.metadata.get("nbgrader", {})
        if cell.cell_type == "code" and marks.get("solution"):
            exec(cell.source, names)
    return names


SOLUTION = functions_of("conv2d-from-scratch")

number_geometries = st.fixed_dictionaries(
    {
        "stride": st.tuples(st.integers(1, 4), st.integers(1, 4)),
        "padding": sides,
        "dilation": st.tuples(st.integers(1, 3), st.integers(1, 3)),
    }
)


@given(sizes, kernels, number_geometries, st.integers(1, 3), st.integers(1, 3), seeds)
def test_the_assignments_gradients_are_autograds(size, kernel, geometry, c_in, c_out, seed):
    assume(all(axis.fits for axis in make_axes(size, kernel, **geometry)))
    rng = np.random.default_rng(seed)
    shapes = (c_in, *size), (c_out, c_in, *kernel), (c_out,)
    image, weight, bias = arrays = [rng.normal(size=shape) for shape in shapes]
    tensors = [torch.tensor(array, requires_grad=True) for array in arrays]
    (top, bottom), (left, right) = geometry["padding"]
    plain = {name: geometry[name] for name in ("stride", "dilation")}
    padded = F.pad(tensors[0], (left, right, top, bottom))
    output = F.conv2d(padded[None], *tensors[1:], **plain)[0]
    grad = rng.normal(size=output.shape)
    output.backward(torch.tensor(grad))

    close = {"rtol": 1e-10, "atol": 1e-11, "strict": True}
    for name in ("conv2d", "fast_conv2d"):
        ours = SOLUTION[name](image, weight, bias, **geometry)
        np.testing.assert_allclose(ours, output.detach().numpy(), **close)
    gradients = [
        SOLUTION["image_gradient"](image.shape, weight, grad, **geometry),
        SOLUTION["weight_gradient"](image, weight.shape, grad, **geometry),
        SOLUTION["bias_gradient"](grad),
    ]
    for gradient, tensor in zip(gradients, tensors, strict=True):
        np.testing.assert_allclose(gradient, tensor.grad.numpy(), **close)


@given(seeds, number_geometries)
@settings(max_examples=10)
def test_the_assignments_check_agrees_with_autograd(seed, geometry):
    """It finds nothing wrong with autograd's gradients, and what is wrong with others."""
    rng = np.random.default_rng(seed)
    arrays = [rng.normal(size=shape) for shape in ((2, 6, 7), (3, 2, 2, 3), (3,))]
    assume(all(axis.fits for axis in make_axes((6, 7), (2, 3), **geometry)))
    tensors = [torch.tensor(array, requires_grad=True) for array in arrays]
    (top, bottom), (left, right) = geometry["padding"]
    plain = {name: geometry[name] for name in ("stride", "dilation")}
    padded = F.pad(tensors[0], (left, right, top, bottom))
    output = F.conv2d(padded[None], *tensors[1:], **plain)[0]
    grad = rng.normal(size=output.shape)
    output.backward(torch.tensor(grad))
    gradients = [tensor.grad.numpy() for tensor in tensors]
    check = SOLUTION["check_gradients"]
    assert max(check(gradients, *arrays, grad, **geometry)) < 1e-6
    gradients[1][0, 0, 0, 0] += 0.5
    distances = check(gradients, *arrays, grad, **geometry)
    assert np.allclose(distances, [0, 0.5, 0], atol=1e-6)
