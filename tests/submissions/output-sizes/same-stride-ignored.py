""" "same" ignoring the stride."""
# loses: same-padding-stride


# %% same-padding
def same_padding(n, kernel_size, stride=1, dilation=1):
    added = dilation * (kernel_size - 1)
    return added // 2, added - added // 2
