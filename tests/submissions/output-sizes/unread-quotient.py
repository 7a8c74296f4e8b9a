"""The steps counted, not what they leave over."""
# loses: unread-at-end-cells


# %% unread-at-end
def unread_at_end(n, kernel_size, stride=1, padding=(0, 0), dilation=1):
    before, after = padding
    span = dilation * (kernel_size - 1) + 1
    left_over = (before + n + after - span) // stride
    return max(left_over - after, 0)
