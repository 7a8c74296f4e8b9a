"""The windows without stride."""
# loses: gradients-stride-dilation

# %% image-gradient
def image_gradient(
    image_shape, weight, grad_output, stride=(1, 1), padding=((0, 0), (0, 0)), dilation=(1, 1)
):
    """The gradient of the image."""
    _, image_height, image_width = image_shape
    (above, _), (before, _) = padding
    filters, _, kernel_height, kernel_width = weight.shape
    height = dilation[0] * (kernel_height - 1) + 1
    width = dilation[1] * (kernel_width - 1) + 1
    padded = np.pad(np.zeros(image_shape), ((0, 0), *padding))
    for i in range(grad_output.shape[1]):
        for j in range(grad_output.shape[2]):
            top, left = i, j
            window = padded[:, top : top + height : dilation[0], left : left + width : dilation[1]]
            for c_out in range(filters):
                window += grad_output[c_out, i, j] * weight[c_out]
    return padded[:, above : above + image_height, before : before + image_width]
