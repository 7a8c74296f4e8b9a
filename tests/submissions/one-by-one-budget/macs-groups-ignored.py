"""Every filter reads every channel."""
# loses: counting-groups

# %% multiply-accumulates
def multiply_accumulates(
    input_size, in_channels, out_channels, kernel_size,
    stride=(1, 1), padding=(0, 0), dilation=(1, 1), groups=1,
):
    h, w = convviz.output_size(
        input_size, kernel_size, stride=stride, padding=padding, dilation=dilation
    )
    kh, kw = kernel_size
    return h * w * out_channels * in_channels * kh * kw
