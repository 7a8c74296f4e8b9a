""" "same" taken by its word: as many outputs as inputs, with a stride too."""
# loses: same-padding-stride, same-padding-odd-cell


# %% same-padding
def same_padding(n, kernel_size, stride=1, dilation=1):
    span = dilation * (kernel_size - 1) + 1
    outputs = n
    added = max((outputs - 1) * stride + span - n, 0)
    return added // 2, added - added // 2
