"""The mean over the input channels in place of the sum."""
# loses: one-by-one-channels

# %% one-by-one
def one_by_one(x, matrix, bias=None):
    y = np.moveaxis(x, 1, -1) @ matrix.T / x.shape[1]
    if bias is not None:
        y = y + bias
    return np.moveaxis(y, -1, 1)
