"""0 instead of an error when nothing fits."""
# loses: misfit-error


# %% output-size
def output_size(n, kernel_size, stride=1, padding=0, dilation=1):
    span = dilation * (kernel_size - 1) + 1
    padded = n + 2 * padding
    return max((padded - span) // stride + 1, 0)
