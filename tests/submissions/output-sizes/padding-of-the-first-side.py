"""The first side's padding taken for both sides."""
# loses: layer-size-padding, stack-sizes-each-layer


# %% layer-size
def layer_size(input_size, kernel_size, stride=(1, 1), padding=((0, 0), (0, 0)), dilation=(1, 1)):
    height = output_size(input_size[0], kernel_size[0], stride[0], padding[0][0], dilation[0])
    width = output_size(input_size[1], kernel_size[1], stride[1], padding[1][0], dilation[1])
    return height, width
