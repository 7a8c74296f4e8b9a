""" "same" ignoring the dilation."""
# loses: same-padding-odd-cell


# %% same-padding
def same_padding(n, kernel_size, stride=1, dilation=1):
    span = kernel_size
    outputs = -(-n // stride)
    added = max((outputs - 1) * stride + span - n, 0)
    return added // 2, added - added // 2
