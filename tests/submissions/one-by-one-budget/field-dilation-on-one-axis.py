"""The dilation of the height for both axes."""
# loses: receptive-field-dilation

# %% receptive-field
def receptive_field(layers):
    size, jump = [1, 1], [1, 1]
    for layer in layers:
        stride, dilation = layer.get("stride", (1, 1)), layer.get("dilation", (1, 1))
        for axis in (0, 1):
            size[axis] += dilation[0] * (layer["kernel_size"][axis] - 1) * jump[axis]
            jump[axis] *= stride[axis]
    return tuple(size), tuple(jump)
