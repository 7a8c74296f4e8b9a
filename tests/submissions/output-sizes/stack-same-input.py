"""Every layer reads the stack's own input."""
# loses: stack-sizes-each-layer


# %% stack-sizes
def stack_sizes(input_size, layers):
    sizes = []
    for layer in layers:
        sizes.append(layer_size(input_size, **layer))
    return sizes
