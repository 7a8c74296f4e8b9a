"""Unread cells counted as if there were no padding."""
# loses: unread-at-end-cells


# %% unread-at-end
def unread_at_end(n, kernel_size, stride=1, padding=(0, 0), dilation=1):
    before, after = padding
    span = dilation * (kernel_size - 1) + 1
    left_over = (n - span) % stride
    return left_over
