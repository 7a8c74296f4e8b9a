"""Output channels in the wrong order."""
# loses: conv2d-filters

# %% conv2d
def conv2d(image, weight, bias, stride=(1, 1), padding=(0, 0), dilation=(1, 1)):
    """The convolution layer."""
    if np.ndim(padding) == 1:
        padding = [(cells, cells) for cells in padding]
    dtype = np.result_type(image, weight, bias, np.int64)
    padded = np.pad(image, ((0, 0), *padding)).astype(dtype)
    filters, _, kernel_height, kernel_width = weight.shape
    height = dilation[0] * (kernel_height - 1) + 1
    width = dilation[1] * (kernel_width - 1) + 1
    rows = (padded.shape[1] - height) // stride[0] + 1
    columns = (padded.shape[2] - width) // stride[1] + 1
    output = np.zeros((filters, rows, columns), dtype)
    for c_out in range(filters):
        for i in range(rows):
            for j in range(columns):
                top, left = i * stride[0], j * stride[1]
                window = padded[
                    :, top : top + height : dilation[0], left : left + width : dilation[1]
                ]
                output[-1 - c_out, i, j] = (window * weight[c_out]).sum() + bias[c_out]
    return output
