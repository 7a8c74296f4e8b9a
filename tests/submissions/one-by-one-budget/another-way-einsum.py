"""The 1x1 as einsum, which is one matrix product too; the bias always added; lists where tuples are usual."""
# loses: nothing

# %% one-by-one
def one_by_one(x, matrix, bias=None):
    if bias is None:
        bias = np.zeros(len(matrix))
    return np.einsum("oc,ncij->noij", matrix, x) + bias.reshape(1, -1, 1, 1)

# %% receptive-field
def receptive_field(layers):
    sizes, jumps = [], []
    for axis in range(2):
        kernels = [layer["kernel_size"][axis] for layer in layers]
        strides = [layer.get("stride", [1, 1])[axis] for layer in layers]
        gaps = [layer.get("dilation", [1, 1])[axis] for layer in layers]
        ahead = np.cumprod([1] + strides)
        sizes.append(1 + sum(d * (k - 1) * j for d, k, j in zip(gaps, kernels, ahead)))
        jumps.append(ahead[-1])
    return [sizes, jumps]

# %% design
design = [
    {"in_channels": 3, "out_channels": 16, "kernel_size": [4, 4], "stride": [4, 4]},
    {"in_channels": 16, "out_channels": 16, "kernel_size": [3, 3], "padding": [1, 2], "dilation": [1, 2]},
    {"in_channels": 16, "out_channels": 16, "kernel_size": [2, 3], "stride": [2, 1], "padding": [0, 4], "dilation": [1, 4]},
    {"in_channels": 16, "out_channels": 16, "kernel_size": [3, 3], "padding": [1, 1]},
    {"in_channels": 16, "out_channels": 64, "kernel_size": [1, 1]},
]
