"""Drawn pictures: what the labels say is what is drawn, and no colour gives a label away."""

import numpy as np
import pytest

from convviz.pictures import SHAPES, shapes_dataset


def test_shapes_and_ranges():
    images, labels = shapes_dataset(7, size=20, seed=3)
    assert images.shape == (7, 3, 20, 20)
    assert images.dtype == np.float32
    assert labels.shape == (7, 20, 20)
    assert labels.dtype == np.int64
    assert images.min() >= 0
    assert images.max() <= 1
    assert set(np.unique(labels)) <= set(range(len(SHAPES)))


def test_a_seed_decides_everything():
    first, again, other = (shapes_dataset(3, seed=seed) for seed in (5, 5, 6))
    assert all(np.array_equal(*pair) for pair in zip(first, again, strict=True))
    assert not any(np.array_equal(*pair) for pair in zip(first, other, strict=True))


def test_more_pictures_begin_with_the_same():
    few, many = shapes_dataset(3), shapes_dataset(6)
    assert np.array_equal(few[0], many[0][:3])
    assert np.array_equal(few[1], many[1][:3])


@pytest.mark.parametrize("size", [16, 32, 50])
def test_every_picture_has_background_and_a_shape(size):
    _, labels = shapes_dataset(100, size=size)
    of_background = (labels == 0).mean(axis=(1, 2))
    assert (of_background > 0.2).all()
    assert (of_background < 1).all()
    assert all((labels == label).any() for label in range(len(SHAPES)))


def test_shapes_are_what_they_are_called():
    """How much of its bounding box a shape that nothing covers fills."""
    _, labels = shapes_dataset(300, size=64, seed=2)
    filled = {label: [] for label in (1, 2, 3)}
    for label in labels:
        kinds = np.unique(label[label > 0])
        rows, columns = np.nonzero(label)
        height, width = np.ptp(rows) + 1, np.ptp(columns) + 1
        if len(kinds) == 1 and abs(int(height) - int(width)) <= 4:
            filled[int(kinds[0])].append(len(rows) / (height * width))
    disk, square, triangle = (np.median(filled[label]) for label in (1, 2, 3))
    assert disk == pytest.approx(np.pi / 4, abs=0.06)
    assert square == 1
    assert triangle == pytest.approx(0.5, abs=0.06)


def test_colours_do_not_tell_the_label():
    """The mean colour of every label is the middle of the cube, and so is its spread."""
    images, labels = shapes_dataset(1500, size=16, seed=1)
    colours = images.transpose(0, 2, 3, 1)
    spread = colours.std()
    for label in range(len(SHAPES)):
        of_label = colours[labels == label]
        assert of_label.mean(axis=0) == pytest.approx(np.full(3, 0.5), abs=0.04)
        assert of_label.std() == pytest.approx(spread, abs=0.02)


def test_shapes_can_be_seen():
    """Neighbours of different labels differ by more than the noise does."""
    images, labels = shapes_dataset(100)
    differs = labels[:, :, 1:] != labels[:, :, :-1]
    steps = np.linalg.norm(images[..., 1:] - images[..., :-1], axis=1)
    assert np.median(steps[differs]) > 3 * np.median(steps[~differs])


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"count": 0}, "count"),
        ({"count": 1, "size": 15}, "size"),
        ({"count": 1, "seed": -1}, "seed"),
    ],
)
def test_refuses_what_cannot_be_drawn(settings, words):
    with pytest.raises(ValueError, match=words):
        shapes_dataset(**settings)


def test_refuses_what_is_no_integer():
    with pytest.raises(TypeError, match="count"):
        shapes_dataset(2.5)
