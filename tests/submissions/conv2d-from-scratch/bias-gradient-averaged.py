"""The bias's gradient is averaged."""
# loses: bias-gradient-sums

# %% bias-gradient
def bias_gradient(grad_output):
    """The gradient of the bias."""
    return grad_output.mean(axis=(1, 2))
