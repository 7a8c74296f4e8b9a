"""The + 1 forgotten: the last row and column of windows are missing."""
# loses: correlate-windows, correlate-kernel

# %% correlate
def correlate(image, kernel):
    """Slide a kernel over one channel."""
    (height, width), (kernel_height, kernel_width) = image.shape, kernel.shape
    output = np.zeros((height - kernel_height, width - kernel_width))
    for i in range(output.shape[0]):
        for j in range(output.shape[1]):
            window = image[i : i + kernel_height, j : j + kernel_width]
            output[i, j] = (window * kernel).sum()
    return output
