"""The step is lost in an array of integers."""
# loses: numerical-gradient-central, check-gradients-finds

# %% numerical-gradient
def numerical_gradient(f, x, h=1e-4):
    """The gradient of f at x, from central differences."""
    x = x.copy()
    gradient = np.zeros(x.shape)
    for place in np.ndindex(x.shape):
        here = x[place]
        x[place] = here + h
        above = f(x)
        x[place] = here - h
        below = f(x)
        x[place] = here
        gradient[place] = (above - below) / (2 * h)
    return gradient
