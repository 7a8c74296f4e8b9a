"""An error also for a kernel as long as the row."""
# loses: misfit-error


# %% output-size
def output_size(n, kernel_size, stride=1, padding=0, dilation=1):
    span = dilation * (kernel_size - 1) + 1
    padded = n + 2 * padding
    if span >= padded:
        raise ValueError("does not fit")
    return (padded - span) // stride + 1
