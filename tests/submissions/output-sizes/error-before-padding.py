"""Whether the kernel fits is asked before the padding is added."""
# loses: output-size-padding


# %% output-size
def output_size(n, kernel_size, stride=1, padding=0, dilation=1):
    if kernel_size > n:
        raise ValueError("does not fit")
    span = dilation * (kernel_size - 1) + 1
    padded = n + 2 * padding
    if span > padded:
        raise ValueError("does not fit")
    return (padded - span) // stride + 1
