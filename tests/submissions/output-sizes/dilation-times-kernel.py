"""Dilation without the minus 1: the span taken as dilation times kernel size."""
# loses: output-size-dilation, layer-size-stride-dilation, stack-sizes-each-layer, misfit-error


# %% output-size
def output_size(n, kernel_size, stride=1, padding=0, dilation=1):
    span = dilation * kernel_size
    padded = n + 2 * padding
    if span > padded:
        raise ValueError("does not fit")
    return (padded - span) // stride + 1
