"""By hand: one number for two axes."""
# loses: predict-axes

# %% two-axes
two_axes = 10
