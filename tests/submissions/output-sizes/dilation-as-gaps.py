"""Dilation taken for the cells in a gap, so that 1 leaves a gap."""
# loses: output-size-places, output-size-floor, output-size-padding, output-size-dilation, layer-size-axes, layer-size-stride-dilation, layer-size-padding, stack-sizes-each-layer, misfit-error


# %% output-size
def output_size(n, kernel_size, stride=1, padding=0, dilation=1):
    span = kernel_size + (kernel_size - 1) * dilation
    padded = n + 2 * padding
    if span > padded:
        raise ValueError("does not fit")
    return (padded - span) // stride + 1
