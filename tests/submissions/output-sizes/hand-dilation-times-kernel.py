"""By hand: the span taken as dilation times kernel size."""
# loses: predict-dilation

# %% spread
spread = 26
