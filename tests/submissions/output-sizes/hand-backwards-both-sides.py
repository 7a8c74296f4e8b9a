"""By hand: the padding of both sides together, working backwards."""
# loses: predict-backwards

# %% backwards
keeps_size = 6
give_eight = [24, 25, 26]
