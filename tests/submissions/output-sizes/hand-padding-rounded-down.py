"""By hand: the least padding rounded down."""
# loses: predict-misfit

# %% least-padding
with_padding_1 = 0
least_padding = 2
