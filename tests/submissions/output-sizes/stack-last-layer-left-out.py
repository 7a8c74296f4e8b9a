"""The last layer left out."""
# loses: stack-sizes-each-layer


# %% stack-sizes
def stack_sizes(input_size, layers):
    sizes = []
    for layer in layers[:-1]:
        input_size = layer_size(input_size, **layer)
        sizes.append(input_size)
    return sizes
