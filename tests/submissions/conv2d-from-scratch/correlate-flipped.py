"""Kernel turned by 180 degrees: convolution as in mathematics."""
# loses: correlate-kernel

# %% correlate
def correlate(image, kernel):
    """Slide a kernel over one channel."""
    (height, width), (kernel_height, kernel_width) = image.shape, kernel.shape
    output = np.zeros((height - kernel_height + 1, width - kernel_width + 1))
    for i in range(output.shape[0]):
        for j in range(output.shape[1]):
            window = image[i : i + kernel_height, j : j + kernel_width]
            output[i, j] = (window * kernel[::-1, ::-1]).sum()
    return output
