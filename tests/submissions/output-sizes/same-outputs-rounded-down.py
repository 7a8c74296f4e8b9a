""" "same" with one place too few where the stride does not divide the size."""
# loses: same-padding-stride, same-padding-odd-cell


# %% same-padding
def same_padding(n, kernel_size, stride=1, dilation=1):
    span = dilation * (kernel_size - 1) + 1
    outputs = n // stride
    added = max((outputs - 1) * stride + span - n, 0)
    return added // 2, added - added // 2
