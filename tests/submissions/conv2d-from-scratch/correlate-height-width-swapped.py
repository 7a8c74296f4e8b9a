"""Height and width swapped: columns come first."""
# loses: correlate-windows

# %% correlate
def correlate(image, kernel):
    """Slide a kernel over one channel."""
    (height, width), (kernel_height, kernel_width) = image.shape, kernel.shape
    output = np.zeros((width - kernel_width + 1, height - kernel_height + 1))
    for i in range(output.shape[0]):
        for j in range(output.shape[1]):
            window = image[j : j + kernel_height, i : i + kernel_width]
            output[i, j] = (window * kernel).sum()
    return output
