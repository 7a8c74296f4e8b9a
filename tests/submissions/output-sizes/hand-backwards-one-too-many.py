"""By hand: one input size too many."""
# loses: predict-backwards

# %% backwards
keeps_size = 3
give_eight = [24, 25, 26, 27]
