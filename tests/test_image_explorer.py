"""The image explorer: its Python side, and the browser's numbers beside conv2d's."""

import re

import numpy as np
import pytest

from convviz import ImageExplorer, conv2d, make_axes
from convviz.pictures import photograph
from tests.npm import ask_javascript

SHOWS = ("clip", "grey", "magnitude")


def draw_case(seed):
    """A picture and settings, drawn at random; the kernel may fail to fit."""
    rng = np.random.default_rng(seed)
    colours = () if rng.integers(2) else (3,)
    image = rng.integers(0, 256, (*rng.integers(2, 14, 2), *colours), np.uint8)
    shape = tuple(rng.integers(1, 6, 2))
    kernel = rng.integers(-9, 10, shape) if rng.integers(2) else rng.normal(size=shape)
    settings = {
        "divisor": int(rng.integers(1, 12)),
        "stride": int(rng.integers(1, 5)),
        "padding": ("valid", "same", int(rng.integers(4)))[rng.integers(3)],
        "dilation": int(rng.integers(1, 4)),
    }
    return image, kernel, settings


CASES = [draw_case(seed) for seed in range(150)]


def by_channel(image, kernel, divisor, **settings):
    """The same through conv2d, one channel at a time."""
    channels = [image] if image.ndim == 2 else list(np.moveaxis(image, -1, 0))
    outputs = [conv2d(c[None], kernel[None, None], **settings)[0] / divisor for c in channels]
    return outputs[0] if image.ndim == 2 else np.stack(outputs, -1)


def levels(output, show):
    """What is to be shown of an output, before it is rounded and cut."""
    return {"clip": output, "grey": output + 128, "magnitude": abs(output)}[show]


# -- numbers ------------------------------------------------------------------------------------


def test_output_is_conv2d_channel_by_channel():
    fitting = 0
    for image, kernel, settings in CASES:
        explorer = ImageExplorer(image, kernel, **settings)
        try:
            expected = by_channel(image, kernel, **settings)
        except ValueError as error:
            with pytest.raises(ValueError, match=re.escape(str(error))):
                _ = explorer.output
            continue
        fitting += 1
        assert explorer.output.dtype == np.float64
        assert explorer.output.shape == expected.shape
        if kernel.dtype.kind == "i":
            assert np.array_equal(explorer.output, expected)
        else:
            assert np.allclose(explorer.output, expected, rtol=1e-12, atol=1e-9)
    assert 75 < fitting < len(CASES)


@pytest.fixture(scope="module")
def in_the_browser():
    cases = []
    for image, kernel, settings in CASES:
        height, width, channels = np.atleast_3d(image).shape
        pixels = image.ravel().tolist()
        photo = {"height": height, "width": width, "channels": channels, "pixels": pixels}
        cases.append(
            {"photo": photo, "filter": {"kernel": kernel.tolist(), **settings}, "at": [5, 7]}
        )
    return ask_javascript("run-images.mjs", cases)


def test_the_browser_has_the_same_numbers(in_the_browser):
    for (image, kernel, settings), shown in zip(CASES, in_the_browser, strict=True):
        explorer = ImageExplorer(image, kernel, **settings)
        assert shown["suitedShow"] == explorer.show
        if shown["misfits"]:
            assert shown["output"] == []
            with pytest.raises(ValueError, match=re.escape(shown["misfits"][0])):
                _ = explorer.output
            continue
        output = np.atleast_3d(explorer.output)
        assert shown["size"] == list(output.shape[:2])
        in_planes = np.array(shown["output"]).reshape(-1, *shown["size"])
        at = tuple(k % n for k, n in zip((5, 7), shown["size"], strict=True))
        results = [part["result"] for part in shown["parts"]]
        if kernel.dtype.kind == "i":
            assert np.array_equal(np.moveaxis(in_planes, 0, -1), output)
            assert results == output[at].tolist()
        else:
            assert np.allclose(np.moveaxis(in_planes, 0, -1), output, rtol=1e-12, atol=1e-9)
            assert np.allclose(results, output[at], rtol=1e-12, atol=1e-9)


def test_the_browser_takes_a_pixel_apart(in_the_browser):
    for (image, kernel, settings), shown in zip(CASES, in_the_browser, strict=True):
        if not shown["parts"]:
            continue
        geometry = {k: v for k, v in settings.items() if k != "divisor"}
        height, width = make_axes(image.shape[:2], kernel.shape, **geometry)
        padded = np.pad(np.atleast_3d(image), (height.padding, width.padding, (0, 0)))
        i, j = 5 % height.output, 7 % width.output
        rows = height.reads[i] + height.padding[0]
        columns = width.reads[j] + width.padding[0]
        for c, part in enumerate(shown["parts"]):
            window = padded[np.ix_(rows, columns)][..., c]
            assert part["values"] == window.tolist()
            assert np.allclose(part["products"], window * kernel, rtol=1e-12, atol=0)


def test_the_browser_paints_what_it_says(in_the_browser):
    for shown in in_the_browser:
        if not shown["output"]:
            continue
        output = np.array(shown["output"]).reshape(-1, int(np.prod(shown["size"])))
        for show, painted in zip(SHOWS, shown["painted"], strict=True):
            wanted = levels(output, show)
            assert painted["count"] == wanted.size
            assert painted["below"] == (wanted < 0).sum()
            assert painted["above"] == (wanted > 255).sum()
            rgba = np.array(painted["rgba"]).reshape(-1, 4)
            seen = np.broadcast_to(np.rint(wanted).clip(0, 255), (3, rgba.shape[0]))
            assert np.array_equal(rgba[:, :3].T, seen)
            assert (rgba[:, 3] == 255).all()


# -- settings -----------------------------------------------------------------------------------


def test_it_starts_with_a_photograph_and_its_vertical_edges():
    explorer = ImageExplorer()
    assert np.array_equal(explorer.image, photograph())
    assert explorer.kernel.tolist() == [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]
    assert explorer.show == "grey"
    assert explorer.output.shape == explorer.image.shape


def test_traits_can_be_set_and_observed():
    explorer = ImageExplorer(np.zeros((7, 9), np.uint8), [[1, 2]])
    seen = []
    explorer.observe(lambda change: seen.append(change.name))
    explorer.kernel = [[1, 2]]  # no change
    explorer.kernel = np.ones((3, 1))
    explorer.divisor = 3
    explorer.stride = 2
    explorer.padding = 1
    explorer.padding = "valid"
    explorer.dilation = 3
    explorer.show = "magnitude"
    explorer.image = np.full((8, 5, 3), 0.5)
    names = ["kernel", "divisor", "stride", "padding", "padding", "dilation", "show", "image"]
    assert seen == names
    assert explorer.output.shape == (1, 3, 3)
    assert (explorer.output == 128).all()  # 0.5 is 127.5 of 255, rounded to even


def test_what_travels_to_the_browser():
    image = np.arange(24, dtype=np.uint8).reshape(2, 4, 3)
    explorer = ImageExplorer(image[:, ::-1], [[0.5, 1]], padding=2)
    sent = explorer._picture.get_state()
    assert bytes(sent["_pixels"]) == image[:, ::-1].tobytes()
    assert (sent["_shape"], sent["kernel"]) == ([2, 4, 3], [[0.5, 1.0]])
    assert (sent["_padding"], sent["_padding_same"], sent["padding"]) == (2, False, 2)
    explorer.image = image[:, :, 0]
    explorer.kernel = [[3], [4]]
    sent = explorer._picture.get_state()
    assert (bytes(sent["_pixels"]), sent["_shape"]) == (image[:, :, 0].tobytes(), [2, 4, 1])
    assert sent["kernel"] == [[3], [4]]


def test_what_the_browser_edits_comes_back():
    explorer = ImageExplorer(np.zeros((4, 4), np.uint8), [[1, 2], [3, 4]])
    seen = []
    explorer.observe(lambda change: seen.append(change.new.tolist()), "kernel")
    explorer._picture.set_state({"kernel": [[1, 2], [3, -4]], "divisor": 5, "show": "grey"})
    assert explorer.kernel.tolist() == [[1, 2], [3, -4]]
    assert explorer.kernel.dtype == np.int64
    explorer._picture.set_state({"kernel": [[1, 2], [3, 0.25]]})
    assert explorer.kernel.tolist() == [[1, 2], [3, 0.25]]
    assert (explorer.divisor, explorer.show) == (5, "grey")
    assert seen == [[[1, 2], [3, -4]], [[1, 2], [3, 0.25]]]


def test_arrays_cannot_be_changed_behind_the_picture():
    given = np.zeros((4, 5), np.uint8)
    explorer = ImageExplorer(given)
    given[:] = 7
    assert (explorer.image == 0).all()
    for array in (explorer.image, explorer.kernel):
        with pytest.raises(ValueError, match="read-only"):
            array[0, 0] = 1


@pytest.mark.parametrize(("stride", "slider"), [(3, 4), (9, 9)])
def test_a_slider_reaches_what_was_set(stride, slider):
    explorer = ImageExplorer(np.zeros((40, 40), np.uint8))
    explorer.stride = stride
    assert explorer._sliders["stride"].max == slider
    assert ImageExplorer(np.zeros((40, 40)), stride=stride)._sliders["stride"].max == slider


def test_repr_names_shapes_and_settings():
    assert repr(ImageExplorer(np.zeros((4, 6, 3)), [[1, 1]], divisor=2)) == (
        "ImageExplorer(image (4, 6, 3), kernel (1, 2), "
        "divisor=2, stride=1, dilation=1, padding='same')"
    )


ZEROS = np.zeros((4, 6))


@pytest.mark.parametrize(
    ("settings", "error", "message"),
    [
        (
            {"image": np.zeros(5)},
            ValueError,
            "image must have shape (H, W), or (H, W, 3) for red, green and blue, "
            "but has shape (5,).",
        ),
        (
            {"image": np.zeros((3, 8, 9))},
            ValueError,
            "image must have its colours last, (H, W, 3), but has shape (3, 8, 9). "
            "np.moveaxis(image, 0, -1) puts them there.",
        ),
        (
            {"image": np.zeros((8, 9, 4))},
            ValueError,
            "image must have shape (H, W) or (H, W, 3), but has shape (8, 9, 4). "
            "image[:, :, :3] leaves the transparency out.",
        ),
        ({"image": np.zeros((0, 4))}, ValueError, "but has shape (0, 4)."),
        (
            {"image": np.zeros((600, 1030, 3))},
            ValueError,
            "image may have at most 512 rows and 512 columns, but has shape (600, 1030, 3). "
            "image[::3, ::3] is smaller; so is any part of it.",
        ),
        (
            {"image": ZEROS.astype(int)},
            TypeError,
            "image must hold uint8 (0 to 255) or floats from 0 to 1, but has dtype int64. If it "
            "holds integers from 0 to 255, image.astype(np.uint8) makes them so.",
        ),
        ({"image": ZEROS.astype(bool)}, TypeError, "image must hold integers or floats"),
        ({"image": [[0.0], [0.0, 1.0]]}, ValueError, "lists of equal length"),
        ({"image": ZEROS + np.nan}, ValueError, "image must be finite"),
        (
            {"image": ZEROS + np.arange(0, 256, 51)},
            ValueError,
            "image holds floats, which must lie from 0 to 1, but they reach from 0 to 255. "
            "If 255 stands for white, image / 255 makes them so.",
        ),
        ({"image": ZEROS - 0.5}, ValueError, "they reach from -0.5 to -0.5."),
        (
            {"kernel": np.ones((3, 10))},
            ValueError,
            "kernel must have shape (kH, kW), from 1 x 1 to 9 x 9, but has shape (3, 10).",
        ),
        ({"kernel": [1, 2, 3]}, ValueError, "but has shape (3,)."),
        ({"kernel": [[np.inf]]}, ValueError, "kernel must be finite"),
        ({"kernel": [[1j]]}, TypeError, "kernel must hold integers or floats"),
        (
            {"kernel": [[1, -10001]]},
            ValueError,
            "kernel must hold weights from -10000 to 10000, but holds -10001.",
        ),
        ({"kernel": np.array([[2**63]], np.uint64)}, ValueError, f"but holds {2**63}."),
        ({"divisor": 0}, ValueError, "divisor must be at least 1, but is 0."),
        ({"divisor": 1.5}, TypeError, "divisor must be an integer, but is 1.5."),
        ({"stride": 0}, ValueError, "stride must be at least 1, but is 0."),
        ({"stride": (1, 2)}, TypeError, "stride must be an integer, but is (1, 2)."),
        ({"dilation": 65}, ValueError, "dilation must be at most 64, but is 65."),
        ({"padding": -1}, ValueError, "padding must be at least 0, but is -1."),
        (
            {"padding": "full"},
            ValueError,
            'padding must be an integer, "valid" or "same", but is \'full\'.',
        ),
        ({"padding": (1, 2)}, ValueError, "but is (1, 2)."),
        (
            {"show": "gray"},
            ValueError,
            "show must be one of 'clip', 'grey', 'magnitude', but is 'gray'.",
        ),
    ],
)
def test_errors_name_argument_value_and_what_is_allowed(settings, error, message):
    with pytest.raises(error, match=re.escape(message)):
        ImageExplorer(**{"image": ZEROS, **settings})
    explorer = ImageExplorer(ZEROS)
    ((name, value),) = settings.items()
    before = getattr(explorer, name)
    with pytest.raises(error, match=re.escape(message)):
        setattr(explorer, name, value)
    assert np.array_equal(getattr(explorer, name), before)


def test_floats_become_the_nearest_of_256_levels():
    explorer = ImageExplorer([[0.0, 0.1, 0.499, 1.0]], [[1]])
    assert explorer.image.tolist() == [[0, 26, 127, 255]]  # 25.5 goes to the even neighbour
    assert explorer.image.dtype == np.uint8


# -- the photograph -----------------------------------------------------------------------------


def test_photograph_is_one():
    picture = photograph()
    assert (picture.shape, picture.dtype) == ((240, 256, 3), np.uint8)
    # Colours of all brightnesses, and neighbours alike: no noise, no drawing of a few colours.
    assert [len(np.unique(picture[..., c])) > 200 for c in range(3)] == [True] * 3
    steps = abs(np.diff(picture.astype(int), axis=1))
    assert np.median(steps) < 10
    assert not np.shares_memory(picture, photograph())
