"""Dilation as one gap in the kernel, whatever its size."""
# loses: output-size-dilation, layer-size-stride-dilation, stack-sizes-each-layer, misfit-error


# %% output-size
def output_size(n, kernel_size, stride=1, padding=0, dilation=1):
    span = kernel_size + dilation - 1
    padded = n + 2 * padding
    if span > padded:
        raise ValueError("does not fit")
    return (padded - span) // stride + 1
