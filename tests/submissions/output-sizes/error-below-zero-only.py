"""An error only where the formula gives less than 0."""
# loses: misfit-error


# %% output-size
def output_size(n, kernel_size, stride=1, padding=0, dilation=1):
    span = dilation * (kernel_size - 1) + 1
    padded = n + 2 * padding
    size = (padded - span) // stride + 1
    if size < 0:
        raise ValueError("does not fit")
    return size
