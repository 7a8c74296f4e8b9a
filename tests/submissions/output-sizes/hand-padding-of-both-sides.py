"""By hand: the padding of both sides together."""
# loses: predict-misfit

# %% least-padding
with_padding_1 = 0
least_padding = 5
