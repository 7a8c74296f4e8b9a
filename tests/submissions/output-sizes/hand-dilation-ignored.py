"""By hand: the gaps forgotten."""
# loses: predict-dilation

# %% spread
spread = 36
