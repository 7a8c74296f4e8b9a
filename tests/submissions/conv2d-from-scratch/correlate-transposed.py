"""Kernel transposed: its columns are laid along the image's rows."""
# loses: correlate-kernel, correlate-windows

# %% correlate
def correlate(image, kernel):
    """Slide a kernel over one channel."""
    kernel = kernel.T
    (height, width), (kernel_height, kernel_width) = image.shape, kernel.shape
    output = np.zeros((height - kernel_height + 1, width - kernel_width + 1))
    for i in range(output.shape[0]):
        for j in range(output.shape[1]):
            window = image[i : i + kernel_height, j : j + kernel_width]
            output[i, j] = (window * kernel).sum()
    return output
