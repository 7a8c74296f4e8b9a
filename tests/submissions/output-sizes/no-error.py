"""No error when nothing fits: what the formula gives."""
# loses: misfit-error


# %% output-size
def output_size(n, kernel_size, stride=1, padding=0, dilation=1):
    span = dilation * (kernel_size - 1) + 1
    padded = n + 2 * padding
    return (padded - span) // stride + 1
