"""A layer's padding and dilation left out."""
# loses: stack-sizes-each-layer


# %% stack-sizes
def stack_sizes(input_size, layers):
    sizes = []
    for layer in layers:
        input_size = layer_size(input_size, layer["kernel_size"], layer.get("stride", (1, 1)))
        sizes.append(input_size)
    return sizes
