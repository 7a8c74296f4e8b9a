"""Plus 1 forgotten: the steps counted, not the places."""
# loses: output-size-places, output-size-floor, output-size-padding, output-size-dilation, layer-size-axes, layer-size-stride-dilation, layer-size-padding, stack-sizes-each-layer, misfit-error


# %% output-size
def output_size(n, kernel_size, stride=1, padding=0, dilation=1):
    span = dilation * (kernel_size - 1) + 1
    padded = n + 2 * padding
    if span > padded:
        raise ValueError("does not fit")
    return (padded - span) // stride
