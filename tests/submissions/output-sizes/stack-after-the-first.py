"""Returned within the loop: the first layer only."""
# loses: stack-sizes-each-layer, misfit-error


# %% stack-sizes
def stack_sizes(input_size, layers):
    sizes = []
    for layer in layers:
        input_size = layer_size(input_size, **layer)
        sizes.append(input_size)
        return sizes
