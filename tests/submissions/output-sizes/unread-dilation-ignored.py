"""Unread cells without the dilation."""
# loses: unread-at-end-cells


# %% unread-at-end
def unread_at_end(n, kernel_size, stride=1, padding=(0, 0), dilation=1):
    before, after = padding
    span = kernel_size
    left_over = (before + n + after - span) % stride
    return max(left_over - after, 0)
