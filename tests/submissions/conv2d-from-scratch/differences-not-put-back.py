"""The number is not put back before the next."""
# loses: numerical-gradient-central

# %% numerical-gradient
def numerical_gradient(f, x, h=1e-4):
    """The gradient of f at x, from central differences."""
    x = x.astype(float)
    gradient = np.zeros(x.shape)
    for place in np.ndindex(x.shape):
        here = x[place]
        x[place] = here + h
        above = f(x)
        x[place] = here - h
        below = f(x)
        gradient[place] = (above - below) / (2 * h)
    return gradient
