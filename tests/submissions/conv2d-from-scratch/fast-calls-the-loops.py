"""fast_conv2d calls conv2d."""
# loses: fast-no-loops

# %% fast-conv2d
def fast_conv2d(image, weight, bias, stride=(1, 1), padding=(0, 0), dilation=(1, 1)):
    """The same as conv2d, without a loop over the output's positions."""
    return conv2d(image, weight, bias, stride, padding, dilation)
