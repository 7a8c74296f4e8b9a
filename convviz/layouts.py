"""Three ways to lay a convolution's input out, so that what is left is a matrix product.

A convolution's time goes into laying out. Each way is a function of a `Case`, and returns a
function of the input and the weights:

- `_by_patches` copies every window: the plain way, best for what is small;
- `_by_rows` copies the input once, and finds the windows of an output row in that copy;
- `_by_columns` copies it once for each kernel column, and adds up the kernel's rows afterwards:
  for groups and dilated kernels, whose windows are not found so.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from types import EllipsisType
from typing import NamedTuple

import numpy as np

from convviz.arguments import Pair, Sides
from convviz.arrays import MAX_CELLS
from convviz.threads import count_shares, share_out

# Measured in single precision, on one core with AVX-512 and 1 MiB of level-2 cache:
_LOOKED_UP = 2_000  # so few cells of windows are copied fastest by a table of their places
_COPIED = 80_000  # so few fastest by a copy of every window
_NARROW = 32  # columns; a product with fewer is not worth while
_SHORT = 64  # terms; nor is one with shorter sums
_BLOCK = 10**5  # cells of a working copy; with more, the processor waits for memory
_BLAS_SMALL = 10**6  # multiplications that OpenBLAS does without first repacking the matrices


#: What is left of a convolution: a function of the input and the weight.
Run = Callable[[np.ndarray, np.ndarray], np.ndarray]


class Case(NamedTuple):
    """A convolution in plain integers, for the three layouts."""

    batch: int
    groups: int
    in_channels: int  # of one group
    out_channels: int  # of all groups
    size: Pair
    sides: Sides  # zeros to add on each side
    kernel: Pair
    stride: Pair
    dilation: Pair
    output: Pair
    shape: tuple[int, ...]  # of the result

    @property
    def shares(self) -> int:
        """How many threads to use."""
        terms = self.in_channels * math.prod(self.kernel)
        return count_shares(self.batch * self.out_channels * math.prod(self.output) * terms)


def choose_layout(case: Case) -> Callable[[Case], Run]:
    """The layout that is fastest for a case."""
    windows = case.batch * case.groups * case.in_channels * math.prod(case.kernel + case.output)
    if case.kernel == (1, 1) or windows <= _COPIED:
        return _by_patches
    if case.groups > 1 or case.dilation[0] > 1:
        return _by_columns
    narrow = case.output[1] < _NARROW and windows <= MAX_CELLS // 8
    return _by_patches if narrow else _by_rows


def _by_patches(case: Case) -> Run:
    """Copy every window into a column of one matrix, and multiply.

    A window of a 1 x 1 kernel is one cell, so that nothing is copied at stride 1.
    """
    n, g, c, m = case.batch, case.groups, case.in_channels, case.out_channels // case.groups
    (kh, kw), (oh, ow), (h, w) = case.kernel, case.output, case.size
    (sh, sw), (dh, dw), ((top, bottom), (left, right)) = case.stride, case.dilation, case.sides
    height, width = top + h + bottom, left + w + right
    padded = (n, g * c, height, width) if (height, width) != (h, w) else None
    inside = (..., slice(top, top + h), slice(left, left + w))
    windows = (n, g * c, kh, kw, oh, ow)
    steps = (g * c * height * width, height * width, dh * width, dw, sh * width, sw)
    terms, cells = c * kh * kw, oh * ow
    # BLAS is fastest if the matrix is cut into runs of columns that need no repacking.
    length = _divisor(cells, _NARROW, _BLAS_SMALL // (m * terms)) or cells
    shares = case.shares
    places = None
    if math.prod(windows) <= _LOOKED_UP:
        places = _view(np.arange(n * g * c * height * width), windows, steps)
        places = places.reshape(n * g * terms, cells)

    def lay_out(x: np.ndarray) -> np.ndarray:
        if padded:
            room = np.zeros(padded, x.dtype)
            room[inside] = x
            x = room
        if places is not None:
            return x.take(places)
        return _view(np.ascontiguousarray(x), windows, steps).reshape(n * g * terms, cells)

    def run(x: np.ndarray, weight: np.ndarray) -> np.ndarray:
        patches = lay_out(x)
        if n == g == 1 and length == cells:  # `dot` has less overhead than `matmul`
            return weight.reshape(m, terms).dot(patches).reshape(case.shape)
        kernel = weight.reshape(g, 1, m, terms)
        if length < cells:
            kernel = np.ascontiguousarray(kernel.swapaxes(-1, -2)).swapaxes(-1, -2)
        runs = patches.reshape(n, g, terms, cells // length, length).swapaxes(2, 3)
        output = np.empty((n, g, m, cells // length, length), x.dtype)
        results = output.swapaxes(2, 3)

        def multiply(part: slice) -> None:
            np.matmul(kernel, runs[:, :, part], out=results[:, :, part])

        share_out(multiply, cells // length, shares)
        return output.reshape(case.shape)

    return run


def _by_rows(case: Case) -> Run:
    """Lay the input out row by row, (row, channel, column), and find the windows in it.

    In this order the kH rows that an output row reads, with all their channels, are one matrix
    with W columns; the next output row's matrix begins `stride` rows further on and overlaps it.
    One kernel column is then one product for each output row, and kW of them are added up.
    With a stride along the row, or few channels, the kernel's columns are copied to become
    channels of their own, which leaves one product with longer sums.
    """
    n, c, m, (h, w) = case.batch, case.in_channels, case.out_channels, case.size
    (kh, kw), (oh, ow), (sh, sw), dw = case.kernel, case.output, case.stride, case.dilation[1]
    (top, _), (left, right) = case.sides
    padded_width = left + w + right
    if sw > 1 or c * kh < _SHORT:
        taps, lanes, width, order = 1, c * kw, ow, (0, 3, 2, 4, 1)
    else:
        taps, lanes, width, order = kw, c, padded_width, (4, 0, 3, 2, 1)
    terms = kh * lanes
    filters = _divisor(m, 8, _BLAS_SMALL // (terms * ow)) or m
    most = max(_BLOCK // (sh * lanes * width), kh)
    shares = case.shares
    rounds = math.ceil(oh / (most * shares))  # in which every thread does a block
    block = math.ceil(oh / (rounds * shares))
    blocks = [(k, i) for k in range(n) for i in range(0, oh, block)]

    def lay_out(band: np.ndarray, image: np.ndarray, first: int) -> np.ndarray:
        """Fill the band with rows of the padded image, `first` and those that follow it."""
        begin = max(first, top)
        end = max(begin, min(first + len(band), top + h))
        inside = image[:, begin - top : end - top].swapaxes(0, 1)
        band[begin - first : end - first, :, left : left + w] = inside
        band[: begin - first] = band[end - first :] = 0
        if taps > 1:
            return band
        steps = (c * padded_width, padded_width, dw, sw)
        return np.ascontiguousarray(_view(band, (len(band), c, kw, ow), steps))

    def multiply(kernel: np.ndarray, lines: np.ndarray, target: np.ndarray, start: int = 0) -> None:
        shape, steps = (target.shape[2], 1, terms, ow), (sh * lanes * width, 0, width, 1)
        windows = _view(lines, shape, steps, start)
        np.matmul(kernel, windows, out=target.transpose(2, 0, 1, 3))

    def run(x: np.ndarray, weight: np.ndarray) -> np.ndarray:
        kernel = weight.reshape(m // filters, filters, c, kh, kw).transpose(order)
        kernel = np.ascontiguousarray(kernel).reshape(taps, m // filters, terms, filters)
        kernel = kernel.swapaxes(-1, -2)  # column by column in memory, which BLAS reads faster
        output = np.empty((n, m // filters, filters, oh, ow), x.dtype)
        images = x.reshape(n, c, h, w)

        def fill(part: slice) -> None:
            band = np.zeros(((block - 1) * sh + kh, c, padded_width), x.dtype)
            sums = np.empty((2, m * block * ow if taps > 1 else 0), x.dtype)
            for k, i in blocks[part]:
                rows = min(block, oh - i)
                lines = lay_out(band[: (rows - 1) * sh + kh], images[k], i * sh)
                target = output[k, :, :, i : i + rows]
                if taps == 1:
                    multiply(kernel[0], lines, target)
                    continue
                # Sums lie in one run of memory, which NumPy adds up several times faster.
                total, product = sums[:, : m * rows * ow].reshape(2, *target.shape)
                multiply(kernel[0], lines, total)
                for v in range(1, taps):
                    multiply(kernel[v], lines, product, start=v * dw)
                    total += product
                target[...] = total

        share_out(fill, len(blocks), shares)
        return output.reshape(case.shape)

    return run


#: A part of the planes, and what of the input is copied there.
_Copy = tuple[np.ndarray, tuple[EllipsisType, slice]]


def _by_columns(case: Case) -> Run:
    """Copy the input once for each kernel column, multiply, and add up the kernel's rows.

    The product has a plane for each filter and kernel row u, in which row i * stride + u *
    dilation is what that kernel row adds to output row i.
    """
    n, g, c, m = case.batch, case.groups, case.in_channels, case.out_channels // case.groups
    (kh, kw), (oh, ow), (h, w), (sh, sw) = case.kernel, case.output, case.size, case.stride
    (dh, dw), ((top, bottom), (left, _)) = case.dilation, case.sides
    height, reach = top + h + bottom, (oh - 1) * sh + 1
    # Planes as wide as the input can be filled in one run, which is faster than row by row. What
    # that brings from one row's end to the next one's beginning is then overwritten by zeros.
    in_one_run = sw == 1 and ow <= w
    width = w if in_one_run else ow
    most = _BLOCK // (max(c * kw, m * kh) * height * width)
    block = _divisor(g, 1, most) or 1
    shares = case.shares

    def plan_copies(planes: np.ndarray) -> tuple[list[_Copy], list[np.ndarray]]:
        """For each kernel column: what to fill, from which part of the input, and what to clear."""
        copies, margins = [], []
        for v in range(kw):
            shift, plane = v * dw - left, planes[:, :, v, top : top + h]
            # Output columns from first up to end read input columns; the others read padding.
            first = max(0, -(shift // sw))
            end = max(first, min(ow, (w - 1 - shift) // sw + 1))
            margins += [plane[..., :first], plane[..., end:]]
            if not in_one_run:
                source = (..., slice(first * sw + shift, end * sw + shift, sw))
                copies.append((plane[..., first:end], source))
            elif first < end:
                begin, length = max(0, -shift), h * w - abs(shift)
                flat = planes.reshape(block, c, kw, -1)[:, :, v, top * w + begin :]
                source = (..., slice(begin + shift, begin + shift + length))
                copies.append((flat[..., :length], source))
        return copies, [margin for margin in margins if margin.size and in_one_run]

    def run(x: np.ndarray, weight: np.ndarray) -> np.ndarray:
        kernel = weight.reshape(g // block, block, m, c, kh, kw)
        if m > 1:
            kernel = kernel.transpose(0, 4, 1, 2, 3, 5).reshape(-1, kh, block, m, c * kw)
        else:  # one matrix of kh rows is quicker than kh of one row
            kernel = kernel.swapaxes(3, 4).reshape(-1, block, kh, c * kw)
        output = np.empty((n * g // block, block, m, oh, ow), x.dtype)
        images = x.reshape(len(output), block, c, *((h * w,) if in_one_run else (h, w)))

        def fill(part: slice) -> None:
            planes = np.zeros((block, c, kw, height, width), x.dtype)
            products = np.empty((kh, block, m, height * width), x.dtype)
            rows = products if m > 1 else products[:, :, 0].swapaxes(0, 1)
            copies, margins = plan_copies(planes)
            columns = planes.reshape(block, c * kw, height * width)
            total, *others = products.reshape(kh, -1)
            for k in range(*part.indices(len(output))):
                for target, source in copies:
                    target[...] = images[k][source]
                for margin in margins:
                    margin[...] = 0
                np.matmul(kernel[k % len(kernel)], columns, out=rows)
                for u, product in enumerate(others, start=1):
                    total[: -u * dh * width] += product[u * dh * width :]
                output[k] = total.reshape(block, m, height, width)[:, :, :reach:sh, :ow]

        share_out(fill, len(output), shares)
        return output.reshape(case.shape)

    return run


def _divisor(number: int, least: int, most: int) -> int | None:
    """The largest divisor of a number in a range, if there is one."""
    return next((k for k in range(min(number, most), least - 1, -1) if number % k == 0), None)


def _view(
    array: np.ndarray, shape: tuple[int, ...], steps: tuple[int, ...], start: int = 0
) -> np.ndarray:
    """A view of a contiguous array, with so many cells between neighbours along each axis.

    NumPy checks that it stays within the array, which `as_strided` does not.
    """
    size = array.itemsize
    return np.ndarray(shape, array.dtype, array, start * size, [step * size for step in steps])
