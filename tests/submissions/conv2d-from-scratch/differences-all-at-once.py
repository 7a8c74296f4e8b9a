"""All numbers are changed at once."""
# loses: numerical-gradient-central, check-gradients-finds

# %% numerical-gradient
def numerical_gradient(f, x, h=1e-4):
    """The gradient of f at x, from central differences."""
    x = x.astype(float)
    gradient = np.zeros(x.shape)
    for place in np.ndindex(x.shape):
        above = f(x + h)
        below = f(x - h)
        gradient[place] = (above - below) / (2 * h)
    return gradient
