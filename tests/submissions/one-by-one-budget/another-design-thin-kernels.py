"""Kernels of one row or one column, strides on one axis at a time, no bias."""
# loses: nothing

# %% design
design = [
    {"in_channels": 3, "out_channels": 12, "kernel_size": (4, 1), "stride": (4, 1), "bias": False},
    {"in_channels": 12, "out_channels": 12, "kernel_size": (1, 4), "stride": (1, 4), "bias": False},
    {"in_channels": 12, "out_channels": 16, "kernel_size": (1, 7), "padding": (0, 3), "bias": False},
    {"in_channels": 16, "out_channels": 24, "kernel_size": (4, 1), "stride": (2, 1), "padding": (1, 0), "bias": False},
    {"in_channels": 24, "out_channels": 24, "kernel_size": (3, 1), "padding": (1, 0), "bias": False},
    {"in_channels": 24, "out_channels": 24, "kernel_size": (1, 7), "padding": (0, 3), "groups": 2, "bias": False},
    {"in_channels": 24, "out_channels": 64, "kernel_size": (1, 1), "bias": False},
]
