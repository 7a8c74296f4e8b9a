"""Everything written otherwise: one product per picture, divisions last, recursion, a design of few wide layers."""
# loses: nothing

# %% one-by-one
def one_by_one(x, matrix, bias=None):
    n, c_in, height, width = x.shape
    y = np.matmul(matrix, x.reshape(n, c_in, height * width))
    if bias is not None:
        y += bias[:, None]
    return y.reshape(n, -1, height, width)

# %% reach
filters = 5
changed_by_1x1 = filters
changed_by_3x3 = int((np.zeros((filters, 2, 3)) == 0).sum())

# %% bottleneck
weights_directly = (128 * 3) ** 2
weights_reduced = np.int64(128 * 16) * (1 + 9)
macs_reduced = 2048 * 200 + 18432 * 50

# %% parameters
def parameters(in_channels, out_channels, kernel_size, groups=1, bias=True):
    weight = np.empty((out_channels, in_channels // groups, *kernel_size))
    return weight.size + (len(weight) if bias else 0)

# %% multiply-accumulates
def multiply_accumulates(input_size, in_channels, out_channels, kernel_size,
                         stride=(1, 1), padding=(0, 0), dilation=(1, 1), groups=1):
    total = parameters(in_channels, out_channels, kernel_size, groups, bias=False)
    for n, k, s, p, d in zip(input_size, kernel_size, stride, padding, dilation):
        total *= (n + 2 * p - d * (k - 1) - 1) // s + 1
    return total

# %% receptive-field
def receptive_field(layers):
    """From the last layer to the first: how many cells of its input does it take?"""
    height, width = 1, 1
    down, right = 1, 1
    for layer in reversed(layers):
        (kh, kw), (sh, sw) = layer["kernel_size"], layer.get("stride", (1, 1))
        dh, dw = layer.get("dilation", (1, 1))
        height = (height - 1) * sh + dh * (kh - 1) + 1
        width = (width - 1) * sw + dw * (kw - 1) + 1
        down, right = down * sh, right * sw
    return (height, width), (down, right)

# %% design
def conv(read, made, kernel, stride=(1, 1), padding=(0, 0), groups=1):
    return {"in_channels": read, "out_channels": made, "kernel_size": kernel,
            "stride": stride, "padding": padding, "groups": groups}

design = [
    conv(3, 3, (16, 24), (8, 4), (4, 10), groups=3),
    conv(3, 24, (1, 1)),
    conv(24, 24, (3, 9), padding=(1, 4), groups=24),
    conv(24, 64, (1, 1)),
]
