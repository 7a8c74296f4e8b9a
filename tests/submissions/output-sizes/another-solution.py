"""Right, by other ways: counting places with range, looking for the last cell read."""
# loses: nothing

# %% uneven
uneven = len(range(0, 26 + 2 * 4 - 11 + 1, 2))

# %% spread
import numpy as np

spread = np.int64(40 - len(range(0, 3 * 5 - 2)) + 1)

# %% two-axes
two_axes = [10, 12]

# %% least-padding
with_padding_1, least_padding = 0, 3

# %% backwards
keeps_size = 3
give_eight = tuple(n for n in range(3, 100) if (n - 3) // 3 + 1 == 8)


# %% output-size
def output_size(n, kernel_size, stride=1, padding=0, dilation=1):
    cells = range(-padding, n + padding)
    reach = (kernel_size - 1) * dilation
    places = range(cells.start, cells.stop - reach, stride)
    if not places:
        raise ValueError(f"no room for the kernel: {reach + 1} > {len(cells)}")
    return len(places)


# %% layer-size
def layer_size(input_size, kernel_size, stride=(1, 1), padding=((0, 0), (0, 0)), dilation=(1, 1)):
    sizes = [
        output_size(n + sum(sides), k, s, 0, d)
        for n, k, s, sides, d in zip(
            input_size, kernel_size, stride, padding, dilation, strict=True
        )
    ]
    return sizes


# %% same-padding
from math import ceil


def same_padding(n, kernel_size, stride=1, dilation=1):
    before = after = 0
    reach = (kernel_size - 1) * dilation
    last = (ceil(n / stride) - 1) * stride + reach
    while last >= before + n + after:
        if before < after:
            before += 1
        else:
            after += 1
    return [before, after]


# %% unread-at-end
def unread_at_end(n, kernel_size, stride=1, padding=(0, 0), dilation=1):
    reach = (kernel_size - 1) * dilation
    start = -padding[0]
    while start + stride + reach < n + padding[1]:
        start += stride
    last_read = start + reach
    return n - 1 - last_read if last_read < n else 0


# %% stack-sizes
def stack_sizes(input_size, layers):
    if not layers:
        return []
    first, *others = layers
    size = layer_size(input_size, **first)
    return [size, *stack_sizes(size, others)]
