"""All pixels in a row by reshape alone, which mixes pictures and channels as soon as there are two pictures."""
# loses: one-by-one-axes

# %% one-by-one
def one_by_one(x, matrix, bias=None):
    n, c, h, w = x.shape
    y = matrix @ x.reshape(c, n * h * w)
    if bias is not None:
        y = y + bias[:, None]
    return y.reshape(n, -1, h, w)
