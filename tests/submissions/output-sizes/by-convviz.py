"""convviz called instead of written."""
# loses: output-size-places, output-size-floor, layer-size-axes


# %% output-size
def output_size(n, kernel_size, stride=1, padding=0, dilation=1):
    return convviz.output_size(n, kernel_size, stride=stride, padding=padding, dilation=dilation)


# %% layer-size
def layer_size(input_size, kernel_size, stride=(1, 1), padding=((0, 0), (0, 0)), dilation=(1, 1)):
    return convviz.output_size(
        input_size, kernel_size, stride=stride, padding=padding, dilation=dilation
    )
