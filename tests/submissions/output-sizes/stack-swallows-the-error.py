"""The stack ends quietly at a layer that does not fit."""
# loses: misfit-error


# %% stack-sizes
def stack_sizes(input_size, layers):
    sizes = []
    for layer in layers:
        try:
            input_size = layer_size(input_size, **layer)
        except ValueError:
            break
        sizes.append(input_size)
    return sizes
