"""Functions that count too much: the design keeps its points."""
# loses: counting-groups, counting-bias, counting-kernel, counting-size

# %% parameters
def parameters(in_channels, out_channels, kernel_size, groups=1, bias=True):
    return 10**6

# %% multiply-accumulates
def multiply_accumulates(
    input_size, in_channels, out_channels, kernel_size,
    stride=(1, 1), padding=(0, 0), dilation=(1, 1), groups=1,
):
    return 10**9
