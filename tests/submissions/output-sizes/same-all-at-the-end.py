""" "same" with every added cell at the end."""
# loses: same-padding-odd-cell, same-padding-stride


# %% same-padding
def same_padding(n, kernel_size, stride=1, dilation=1):
    span = dilation * (kernel_size - 1) + 1
    outputs = -(-n // stride)
    added = max((outputs - 1) * stride + span - n, 0)
    return 0, added
