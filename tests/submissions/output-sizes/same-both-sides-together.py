""" "same" with all added cells on each side."""
# loses: same-padding-odd-cell, same-padding-stride


# %% same-padding
def same_padding(n, kernel_size, stride=1, dilation=1):
    span = dilation * (kernel_size - 1) + 1
    outputs = -(-n // stride)
    added = max((outputs - 1) * stride + span - n, 0)
    return added, added
