""" "same" with the odd cell on the other side."""
# loses: same-padding-odd-cell


# %% same-padding
def same_padding(n, kernel_size, stride=1, dilation=1):
    span = dilation * (kernel_size - 1) + 1
    outputs = -(-n // stride)
    added = max((outputs - 1) * stride + span - n, 0)
    return added - added // 2, added // 2
