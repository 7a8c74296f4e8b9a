"""Windows are flattened channels last, filters channels first."""
# loses: fast-equal, check-gradients-finds

# %% fast-conv2d
def fast_conv2d(image, weight, bias, stride=(1, 1), padding=(0, 0), dilation=(1, 1)):
    """The same as conv2d, without a loop over the output's positions."""
    if np.ndim(padding) == 1:
        padding = [(cells, cells) for cells in padding]
    dtype = np.result_type(image, weight, bias, np.int64)
    padded = np.pad(image, ((0, 0), *padding)).astype(dtype)
    filters, _, kernel_height, kernel_width = weight.shape
    span = dilation[0] * (kernel_height - 1) + 1, dilation[1] * (kernel_width - 1) + 1
    windows = np.lib.stride_tricks.sliding_window_view(padded, span, axis=(1, 2))
    windows = windows[:, :: stride[0], :: stride[1], :: dilation[0], :: dilation[1]]
    _, rows, columns, _, _ = windows.shape
    table = windows.transpose(1, 2, 3, 4, 0).reshape(rows * columns, -1)
    output = table @ weight.reshape(filters, -1).T + bias
    return output.T.reshape(filters, rows, columns)
