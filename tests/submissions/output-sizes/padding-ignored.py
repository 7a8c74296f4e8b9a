"""Padding ignored."""
# loses: output-size-padding


# %% output-size
def output_size(n, kernel_size, stride=1, padding=0, dilation=1):
    span = dilation * (kernel_size - 1) + 1
    padded = n
    if span > padded:
        raise ValueError("does not fit")
    return (padded - span) // stride + 1
