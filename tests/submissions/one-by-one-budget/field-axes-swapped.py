"""Width before height."""
# loses: receptive-field-axes, receptive-field-dilation

# %% receptive-field
def receptive_field(layers):
    size, jump = [1, 1], [1, 1]
    for layer in layers:
        stride, dilation = layer.get("stride", (1, 1)), layer.get("dilation", (1, 1))
        for axis in (0, 1):
            size[axis] += dilation[axis] * (layer["kernel_size"][axis] - 1) * jump[axis]
            jump[axis] *= stride[axis]
    return tuple(size[::-1]), tuple(jump[::-1])
