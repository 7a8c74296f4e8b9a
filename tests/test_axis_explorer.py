"""The axis explorer's Python side: settings in, settings out, and what is refused."""

import re

import pytest

from convviz import AxisExplorer, output_size


def test_the_two_worked_examples():
    explorer = AxisExplorer()
    assert (explorer.input_size, explorer.kernel_size, explorer.output_size) == (224, 11, 214)
    explorer = AxisExplorer(224, 4, stride=4)
    assert explorer.output_size == 56


@pytest.mark.parametrize(
    ("padding", "sides"),
    [(0, (0, 0)), ("valid", (0, 0)), (2, (2, 2)), ((0, 3), (0, 3)), ([1, 0], (1, 0))],
)
def test_padding_in_every_form(padding, sides):
    explorer = AxisExplorer(20, 5, stride=2, dilation=2, padding=padding)
    height_and_width = output_size((20, 20), 5, stride=2, dilation=2, padding=(sides, sides))
    assert (explorer.output_size,) * 2 == height_and_width


@pytest.mark.parametrize("stride", [1, 2, 3, 5])
def test_same_is_keras_same(stride):
    explorer = AxisExplorer(17, 4, stride=stride, dilation=3, padding="same")
    assert explorer.output_size == -(-17 // stride)


def test_traits_can_be_set_and_observed():
    explorer = AxisExplorer(10, 3)
    seen = []
    explorer.observe(lambda change: seen.append((change.name, change.new)))
    explorer.position = 7
    explorer.stride = 2
    assert explorer.output_size == 4
    assert explorer.position == 3
    explorer.padding = (0, 1)
    explorer.padding = [1, 1]
    explorer.input_size = 600
    explorer.position = 299
    explorer.kernel_size = 40
    explorer.dilation = 9
    assert explorer.output_size == output_size(600, 40, stride=2, padding=1, dilation=9) == 126
    assert explorer.position == 125
    assert seen == [
        ("position", 7),
        ("position", 3),
        ("stride", 2),
        ("padding", (0, 1)),
        ("padding", (1, 1)),
        ("input_size", 600),
        ("position", 299),
        ("position", 281),
        ("kernel_size", 40),
        ("position", 125),
        ("dilation", 9),
    ]


def test_a_kernel_that_does_not_fit():
    explorer = AxisExplorer(5, 3)
    explorer.position = 2
    explorer.kernel_size = 7
    words = "The kernel does not fit: it spans 7 cells, but the padded input has 5 (0 + 5 + 0)."
    with pytest.raises(ValueError, match=re.escape(words)) as error:
        _ = explorer.output_size
    assert "kernel_size up to 5 would fit." in str(error.value)
    explorer.kernel_size = 3
    assert (explorer.output_size, explorer.position) == (3, 2)


@pytest.mark.parametrize(
    ("settings", "error", "message"),
    [
        ({"input_size": 0}, ValueError, "input_size must be at least 1, but is 0."),
        ({"input_size": 1025}, ValueError, "input_size must be at most 1024, but is 1025."),
        ({"input_size": 22.4}, TypeError, "input_size must be an integer, but is 22.4."),
        ({"input_size": (4, 4)}, TypeError, "input_size must be an integer, but is (4, 4)."),
        ({"kernel_size": 200}, ValueError, "kernel_size must be at most 128, but is 200."),
        ({"stride": 0}, ValueError, "stride must be at least 1, but is 0."),
        ({"stride": True}, TypeError, "stride must be an integer, but is True."),
        ({"dilation": -1}, ValueError, "dilation must be at least 1, but is -1."),
        ({"padding": -1}, ValueError, "padding must be at least 0, but is -1."),
        ({"padding": 1.5}, TypeError, "padding must be an integer, but is 1.5."),
        ({"padding": (0, -1)}, ValueError, "padding (after) must be at least 0, but is -1."),
        (
            {"padding": (1, 2, 3)},
            ValueError,
            'padding must be an integer, a pair (before, after), "valid" or "same", '
            "but is (1, 2, 3).",
        ),
        (
            {"padding": "full"},
            ValueError,
            'padding must be an integer, a pair (before, after), "valid" or "same", '
            "but is 'full'.",
        ),
    ],
)
def test_errors_name_argument_value_and_what_is_allowed(settings, error, message):
    with pytest.raises(error, match=f"^{re.escape(message)}$"):
        AxisExplorer(**settings)
    explorer = AxisExplorer()
    ((name, value),) = settings.items()
    before = getattr(explorer, name)
    with pytest.raises(error, match=f"^{re.escape(message)}$"):
        setattr(explorer, name, value)
    assert getattr(explorer, name) == before
    assert explorer.output_size == 214


def test_position_stays_inside():
    explorer = AxisExplorer()
    explorer.position = 213
    with pytest.raises(ValueError, match="position must be at most 213, but is 214"):
        explorer.position = 214


def test_repr_names_the_settings():
    assert repr(AxisExplorer(12, 3, padding="same")) == (
        "AxisExplorer(input_size=12, kernel_size=3, stride=1, padding='same', dilation=1)"
    )
