"""Every layer expected to have every setting."""
# loses: stack-sizes-each-layer, misfit-error


# %% stack-sizes
def stack_sizes(input_size, layers):
    sizes = []
    for layer in layers:
        settings = layer["kernel_size"], layer["stride"], layer["padding"], layer["dilation"]
        input_size = layer_size(input_size, *settings)
        sizes.append(input_size)
    return sizes
