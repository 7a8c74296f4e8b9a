"""By hand: a size is not a whole number."""
# loses: predict-remainder

# %% uneven
uneven = 12.5
