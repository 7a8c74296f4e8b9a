"""A check that always says right."""
# loses: check-gradients-finds

# %% check-gradients
def check_gradients(
    gradients, image, weight, bias, grad_output,
    stride=(1, 1), padding=((0, 0), (0, 0)), dilation=(1, 1),
):
    """How far gradients are off."""
    return [0.0, 0.0, 0.0]
