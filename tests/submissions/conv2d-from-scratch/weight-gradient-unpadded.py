"""The image is not padded."""
# loses: weight-gradient-sums, gradients-stride-dilation

# %% weight-gradient
def weight_gradient(
    image, weight_shape, grad_output, stride=(1, 1), padding=((0, 0), (0, 0)), dilation=(1, 1)
):
    """The gradient of the weights."""
    padded = np.pad(image, ((0, 0), (0, sum(padding[0])), (0, sum(padding[1]))))
    filters, _, kernel_height, kernel_width = weight_shape
    height = dilation[0] * (kernel_height - 1) + 1
    width = dilation[1] * (kernel_width - 1) + 1
    gradient = np.zeros(weight_shape)
    for i in range(grad_output.shape[1]):
        for j in range(grad_output.shape[2]):
            top, left = i * stride[0], j * stride[1]
            window = padded[:, top : top + height : dilation[0], left : left + width : dilation[1]]
            for c_out in range(filters):
                gradient[c_out] += grad_output[c_out, i, j] * window
    return gradient
