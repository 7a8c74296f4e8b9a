"""An assertion instead of a ValueError."""
# loses: misfit-error


# %% output-size
def output_size(n, kernel_size, stride=1, padding=0, dilation=1):
    span = dilation * (kernel_size - 1) + 1
    padded = n + 2 * padding
    assert span <= padded, "does not fit"
    return (padded - span) // stride + 1
