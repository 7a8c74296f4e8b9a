"""Every function written in another correct way."""
# loses: nothing

# %% correlate
def correlate(image, kernel):
    """One shifted image for each weight."""
    rows = image.shape[0] - kernel.shape[0] + 1
    columns = image.shape[1] - kernel.shape[1] + 1
    output = 0
    for (u, v), weight in np.ndenumerate(kernel):
        output = output + weight * image[u : u + rows, v : v + columns]
    return output

# %% one-filter
def one_filter(image, weight, bias):
    return sum(map(correlate, image, weight)) + bias

# %% conv2d
def conv2d(image, weight, bias, stride=(1, 1), padding=(0, 0), dilation=(1, 1)):
    """The formula, number by number, in Python's own integers and floats."""
    (top, bottom), (left, right) = each_side(padding)
    channels, height, width = image.shape
    filters, _, kernel_height, kernel_width = weight.shape
    rows = range(0, height + top + bottom - dilation[0] * (kernel_height - 1), stride[0])
    columns = range(0, width + left + right - dilation[1] * (kernel_width - 1), stride[1])
    output = np.empty((filters, len(rows), len(columns)), object)
    for c_out, i, j in np.ndindex(output.shape):
        total = bias[c_out].item()
        for c_in, u, v in np.ndindex(channels, kernel_height, kernel_width):
            row = rows[i] + u * dilation[0] - top
            column = columns[j] + v * dilation[1] - left
            if 0 <= row < height and 0 <= column < width:
                total += weight[c_out, c_in, u, v].item() * image[c_in, row, column].item()
        output[c_out, i, j] = total
    return np.array(output.tolist())


def each_side(padding):
    return tuple((side, side) if isinstance(side, int) else side for side in padding)

# %% fast-conv2d
def fast_conv2d(image, weight, bias, stride=(1, 1), padding=(0, 0), dilation=(1, 1)):
    """An index table for each axis, and one tensor product."""
    (top, bottom), (left, right) = each_side(padding)
    channels, height, width = image.shape
    _, _, kernel_height, kernel_width = weight.shape
    kind = float if "f" in image.dtype.kind + weight.dtype.kind + bias.dtype.kind else int
    padded = np.zeros((channels, height + top + bottom, width + left + right), kind)
    padded[:, top : top + height, left : left + width] = image
    u, v = np.arange(kernel_height) * dilation[0], np.arange(kernel_width) * dilation[1]
    i = np.arange(0, padded.shape[1] - u[-1], stride[0])
    j = np.arange(0, padded.shape[2] - v[-1], stride[1])
    rows = i[:, None, None, None] + u[:, None]
    columns = j[:, None, None] + v
    windows = padded[:, rows, columns]
    return np.einsum("dcuv,cijuv->dij", weight.astype(kind), windows) + bias[:, None, None]

# %% bias-gradient
def bias_gradient(grad_output):
    return np.array([channel.sum() for channel in grad_output])

# %% weight-gradient
def weight_gradient(
    image, weight_shape, grad_output, stride=(1, 1), padding=((0, 0), (0, 0)), dilation=(1, 1)
):
    """For each weight, the cells that it meets at all the places at once."""
    padded = np.pad(image, ((0, 0), *padding))
    _, rows, columns = grad_output.shape
    gradient = np.empty(weight_shape)
    for u, v in np.ndindex(weight_shape[2:]):
        top, left = u * dilation[0], v * dilation[1]
        met = padded[:, top :: stride[0], left :: stride[1]][:, :rows, :columns]
        gradient[:, :, u, v] = np.tensordot(grad_output, met, ((1, 2), (1, 2)))
    return gradient

# %% image-gradient
def image_gradient(
    image_shape, weight, grad_output, stride=(1, 1), padding=((0, 0), (0, 0)), dilation=(1, 1)
):
    """A convolution with the turned kernels: grad_output spread by the stride, zeros around it."""
    kernel_height, kernel_width = weight.shape[2:]
    (top, bottom), (left, right) = padding
    height, width = image_shape[1] + top + bottom, image_shape[2] + left + right
    above, before = dilation[0] * (kernel_height - 1), dilation[1] * (kernel_width - 1)
    spread = np.zeros((len(weight), height + above, width + before))
    _, rows, columns = grad_output.shape
    spread[:, above :: stride[0], before :: stride[1]][:, :rows, :columns] = grad_output
    turned = weight[:, :, ::-1, ::-1].swapaxes(0, 1)
    nothing = np.zeros(image_shape[0])
    whole = fast_conv2d(spread, turned, nothing, dilation=dilation)
    return whole[:, top : height - bottom, left : width - right]

# %% numerical-gradient
def numerical_gradient(f, x, h=1e-4):
    """A copy of x for each step."""
    gradient = []
    for k in range(x.size):
        step = np.zeros(x.size)
        step[k] = h
        step = step.reshape(x.shape)
        gradient.append((f(x + step) - f(x - step)) / (2 * h))
    return np.reshape(gradient, x.shape)

# %% check-gradients
def check_gradients(gradients, image, weight, bias, grad_output, **settings):
    layer = [image, weight, bias]
    distances = []
    for k, gradient in enumerate(gradients):

        def loss(x, k=k):
            return np.vdot(grad_output, conv2d(*layer[:k], x, *layer[k + 1 :], **settings))

        distances.append(max(abs((gradient - numerical_gradient(loss, layer[k], 1e-3)).ravel())))
    return distances
