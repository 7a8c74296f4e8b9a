"""By hand: width before height."""
# loses: predict-axes

# %% two-axes
two_axes = (12, 10)
