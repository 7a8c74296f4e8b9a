"""Adds the whole kernel, not its cells but one."""
# loses: receptive-field-stride, receptive-field-dilation, receptive-field-axes

# %% receptive-field
def receptive_field(layers):
    size, jump = [1, 1], [1, 1]
    for layer in layers:
        stride, dilation = layer.get("stride", (1, 1)), layer.get("dilation", (1, 1))
        for axis in (0, 1):
            size[axis] += dilation[axis] * layer["kernel_size"][axis] * jump[axis]
            jump[axis] *= stride[axis]
    return tuple(size), tuple(jump)
