"""The 1x1 without its bias."""
# loses: one-by-one-bias

# %% one-by-one
def one_by_one(x, matrix, bias=None):
    return np.moveaxis(np.moveaxis(x, 1, -1) @ matrix.T, -1, 1)
