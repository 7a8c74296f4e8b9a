""" "same" takes cells away where the stride is longer than the kernel."""
# loses: same-padding-stride


# %% same-padding
def same_padding(n, kernel_size, stride=1, dilation=1):
    span = dilation * (kernel_size - 1) + 1
    outputs = -(-n // stride)
    added = (outputs - 1) * stride + span - n
    return added // 2, added - added // 2
