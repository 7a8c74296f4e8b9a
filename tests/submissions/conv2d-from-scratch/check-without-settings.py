"""Stride, padding and dilation are not handed on."""
# loses: check-gradients-finds

# %% check-gradients
def check_gradients(
    gradients, image, weight, bias, grad_output,
    stride=(1, 1), padding=((0, 0), (0, 0)), dilation=(1, 1),
):
    """How far gradients are off."""
    def loss(image, weight, bias):
        return (grad_output * fast_conv2d(image, weight, bias)).sum()

    numerical = [
        numerical_gradient(lambda image: loss(image, weight, bias), image),
        numerical_gradient(lambda weight: loss(image, weight, bias), weight),
        numerical_gradient(lambda bias: loss(image, weight, bias), bias),
    ]
    return [float(np.abs(gradients[k] - numerical[k]).max()) for k in range(3)]
