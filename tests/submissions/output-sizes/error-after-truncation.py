"""Truncated towards 0, so that a kernel a little too long has a place."""
# loses: misfit-error, output-size-floor


# %% output-size
def output_size(n, kernel_size, stride=1, padding=0, dilation=1):
    span = dilation * (kernel_size - 1) + 1
    padded = n + 2 * padding
    size = int((padded - span) / stride) + 1
    if size < 1:
        raise ValueError("does not fit")
    return size
