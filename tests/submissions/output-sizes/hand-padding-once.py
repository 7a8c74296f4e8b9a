"""By hand: padding on one side only."""
# loses: predict-remainder

# %% uneven
uneven = 10
