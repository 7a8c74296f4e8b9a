"""The mean of two sides handed to output_size."""
# loses: layer-size-padding, stack-sizes-each-layer


# %% layer-size
def layer_size(input_size, kernel_size, stride=(1, 1), padding=((0, 0), (0, 0)), dilation=(1, 1)):
    (top, bottom), (left, right) = padding
    height = output_size(input_size[0], kernel_size[0], stride[0], (top + bottom) // 2, dilation[0])
    width = output_size(input_size[1], kernel_size[1], stride[1], (left + right) // 2, dilation[1])
    return height, width
