"""Cells skipped on the way counted too."""
# loses: unread-at-end-cells


# %% unread-at-end
def unread_at_end(n, kernel_size, stride=1, padding=(0, 0), dilation=1):
    read = set()
    start = -padding[0]
    while start + dilation * (kernel_size - 1) < n + padding[1]:
        read.update(start + dilation * u for u in range(kernel_size))
        start += stride
    return n - len(read & set(range(n)))
