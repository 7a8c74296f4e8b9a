"""The channels are averaged instead of added."""
# loses: one-filter-channels

# %% one-filter
def one_filter(image, weight, bias):
    """Slide one filter over all channels."""
    _, height, width = image.shape
    _, kernel_height, kernel_width = weight.shape
    output = np.zeros((height - kernel_height + 1, width - kernel_width + 1))
    for i in range(output.shape[0]):
        for j in range(output.shape[1]):
            window = image[:, i : i + kernel_height, j : j + kernel_width]
            output[i, j] = (window * weight).sum(axis=(1, 2)).mean() + bias
    return output
