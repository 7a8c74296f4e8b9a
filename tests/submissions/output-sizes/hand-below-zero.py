"""By hand: the formula's number below zero taken for a size."""
# loses: predict-misfit

# %% least-padding
with_padding_1 = -2
least_padding = 3
