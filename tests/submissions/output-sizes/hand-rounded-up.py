"""By hand: half a step counted as a whole one."""
# loses: predict-remainder

# %% uneven
uneven = 13
