"""Counts one filter, and then the whole window at the edge."""
# loses: one-by-one-reach

# %% reach
changed_by_1x1 = 1
changed_by_3x3 = 45
