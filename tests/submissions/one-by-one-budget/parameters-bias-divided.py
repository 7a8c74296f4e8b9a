"""Divides the biases by the groups as well."""
# loses: counting-bias

# %% parameters
def parameters(in_channels, out_channels, kernel_size, groups=1, bias=True):
    kh, kw = kernel_size
    return (out_channels * in_channels * kh * kw + bias * out_channels) // groups
