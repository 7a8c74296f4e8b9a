"""The still pictures show the numbers that they are given, where they are told to."""

import matplotlib
import matplotlib.pyplot as plt
import numpy as np
import pytest

from convviz.fields import ReceptiveField, Window
from convviz.figures import draw_receptive_fields, show_maps
from convviz.receptive_field import cells_seen, receptive_field

matplotlib.use("agg")


@pytest.fixture(autouse=True)
def _close_figures():
    yield
    plt.close("all")


def test_maps_share_one_scale():
    maps = [np.array([[0.0, 3.0]]), np.array([[1.0], [12.0]])]
    images = show_maps(maps)
    for image, values in zip(images, maps, strict=True):
        assert np.array_equal(image.get_array(), values)
        assert image.get_clim() == (0, 12)


def test_signed_maps_have_zero_in_the_middle():
    images = show_maps([[[-5, 1]], [[0, 2]]])
    assert {image.get_clim() for image in images} == {(-5, 5)}
    assert images[1].to_rgba(0) == pytest.approx((1, 1, 1, 1), abs=0.05)


def test_maps_of_zeros_are_black():
    (image,) = show_maps([np.zeros((6, 7))])
    assert image.to_rgba(0.0)[:3] == (0, 0, 0)


def test_small_maps_have_their_numbers_written_in():
    images = show_maps([[[0.125, -1.5], [0, 2]], np.zeros((6, 6))])
    texts = {text.get_position(): text.get_text() for text in images[0].axes.texts}
    assert texts == {(0, 0): "0.12", (1, 0): "-1.50", (0, 1): "0.00", (1, 1): "2.00"}
    assert not images[1].axes.texts
    (image,) = show_maps([[[3, 40]]])
    assert [text.get_text() for text in image.axes.texts] == ["3", "40"]


@pytest.mark.parametrize("count", [1, 8, 9])
def test_a_new_figure_has_axes_for_the_maps_only(count):
    images = show_maps(np.ones((count, 6, 6)), [str(k) for k in range(count)])
    figure = images[0].figure
    assert [ax.get_title() for ax in figure.axes] == [str(k) for k in range(count)]
    assert figure.get_facecolor() == (1, 1, 1, 1)


def test_maps_go_into_the_axes_given():
    figure, axes = plt.subplots(1, 2)
    images = show_maps(np.ones((2, 3, 3)), axes=axes)
    assert [image.axes for image in images] == list(axes)
    assert plt.get_fignums() == [figure.number]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([],), "at least one map"),
        (([[1, 2]],), r"map 0 has shape \(2,\)"),
        (([[[1]]], ["a", "b"]), "titles must be as many as the maps, 1, but are 2"),
    ],
)
def test_wrong_maps_are_named(arguments, message):
    with pytest.raises(ValueError, match=message):
        show_maps(*arguments)


@pytest.mark.parametrize("center", [(9, 14), (8, 15)])
def test_a_field_is_drawn_where_a_cell_sees(center):
    layers = [Window((3, 5), stride=2), Window(3, stride=(1, 2))]
    field = receptive_field(layers)
    drawn = draw_receptive_fields(np.zeros((21, 30, 3)), {"last": field}, center=center)["last"]
    left, top = (round(corner + 0.5) for corner in drawn.get_xy())
    covered = (
        set(range(top, top + drawn.get_height())),
        set(range(left, left + drawn.get_width())),
    )
    outputs = [(i, j) for i in range(8) for j in range(6)]
    seen = {at: cells_seen(layers, (21, 30), at=at) for at in outputs}
    chosen = next(at for at, cells in seen.items() if tuple(map(set, cells)) == covered)
    distances = {
        (i, j): [abs(np.mean(cells) - at) for cells, at in zip(seen[i, j], center, strict=True)]
        for i, j in outputs
    }
    assert np.sum(distances[chosen]) == np.min([np.sum(d) for d in distances.values()])


def test_a_field_is_not_drawn_before_the_first_cell():
    field = ReceptiveField(size=(9, 9), jump=(4, 4), start=(-2, -2))
    drawn = draw_receptive_fields(np.zeros((16, 16)), {"f": field}, center=(0, 0))["f"]
    assert drawn.get_xy() == (-2.5, -2.5)


def test_each_field_is_in_the_legend_with_a_colour_of_its_own():
    fields = {f"layer {k}": ReceptiveField(size=(k, k)) for k in range(1, 5)}
    figure, ax = plt.subplots()
    drawn = draw_receptive_fields(np.zeros((9, 9)), fields, center=(4, 4), ax=ax)
    assert plt.get_fignums() == [figure.number]
    assert [text.get_text() for text in ax.get_legend().get_texts()] == list(fields)
    assert len({patch.get_edgecolor() for patch in drawn.values()}) == 4


@pytest.mark.parametrize(
    ("image", "center", "message"),
    [
        (np.zeros(3), (0, 0), "image must have shape"),
        (np.zeros((3, 8, 8)), (0, 0), "image must have shape"),
        (np.zeros((8, 8)), (8, 0), r"center \(row\) must be at most 7"),
    ],
)
def test_what_can_not_be_drawn_is_named(image, center, message):
    with pytest.raises(ValueError, match=message):
        draw_receptive_fields(image, {}, center=center)
