"""Counts the 1x1 at the small size too."""
# loses: bottleneck-numbers

# %% bottleneck
weights_directly = 147456
weights_reduced = 20480
macs_reduced = 20480 * 5 * 10
