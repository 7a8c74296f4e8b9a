"""Only the first picture."""
# loses: one-by-one-axes, one-by-one-loops

# %% one-by-one
def one_by_one(x, matrix, bias=None):
    _, c, h, w = x.shape
    y = matrix @ x[0].reshape(c, h * w)
    if bias is not None:
        y = y + bias[:, None]
    return y.reshape(1, -1, h, w)
