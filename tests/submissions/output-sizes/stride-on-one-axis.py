"""The stride along the height for both axes."""
# loses: layer-size-stride-dilation, stack-sizes-each-layer


# %% layer-size
def layer_size(input_size, kernel_size, stride=(1, 1), padding=((0, 0), (0, 0)), dilation=(1, 1)):
    (top, bottom), (left, right) = padding
    rows, columns = input_size[0] + top + bottom, input_size[1] + left + right
    height = output_size(rows, kernel_size[0], stride[0], dilation=dilation[0])
    width = output_size(columns, kernel_size[1], stride[0], dilation=dilation[1])
    return height, width
