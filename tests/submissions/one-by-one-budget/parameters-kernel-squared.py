"""Takes every kernel for a square one."""
# loses: counting-kernel

# %% parameters
def parameters(in_channels, out_channels, kernel_size, groups=1, bias=True):
    weights = out_channels * (in_channels // groups) * kernel_size[0] ** 2
    return weights + (out_channels if bias else 0)
