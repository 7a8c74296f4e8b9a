"""By hand: only the input size with which the division is even."""
# loses: predict-backwards

# %% backwards
keeps_size = 3
give_eight = [24]
