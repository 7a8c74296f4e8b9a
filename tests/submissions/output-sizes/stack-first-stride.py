"""The first layer's stride throughout."""
# loses: stack-sizes-each-layer


# %% stack-sizes
def stack_sizes(input_size, layers):
    sizes = []
    for layer in layers:
        stride = layers[0].get("stride", (1, 1))
        input_size = layer_size(input_size, **{**layer, "stride": stride})
        sizes.append(input_size)
    return sizes
