""" "same" with half a kernel on each side, as with an odd kernel."""
# loses: same-padding-odd-cell, same-padding-stride


# %% same-padding
def same_padding(n, kernel_size, stride=1, dilation=1):
    span = dilation * (kernel_size - 1) + 1
    return span // 2, span // 2
