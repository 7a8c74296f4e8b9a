"""The work is left to convviz."""
# loses: conv2d-filters, conv2d-stride, conv2d-padding, conv2d-dilation, conv2d-numbers, fast-equal, fast-no-loops

# %% conv2d
def conv2d(image, weight, bias, stride=(1, 1), padding=(0, 0), dilation=(1, 1)):
    return convviz.conv2d(
        image, weight, bias, stride=stride, padding=padding, dilation=dilation
    )

# %% fast-conv2d
def fast_conv2d(image, weight, bias, stride=(1, 1), padding=(0, 0), dilation=(1, 1)):
    return conv2d(image, weight, bias, stride, padding, dilation)
