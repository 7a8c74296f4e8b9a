"""Full 3x3 kernels, each behind a 1x1 that leaves it few channels."""
# loses: nothing

# %% design
design = [
    {"in_channels": 3, "out_channels": 8, "kernel_size": (3, 3), "stride": (2, 2), "padding": (1, 1)},
    {"in_channels": 8, "out_channels": 16, "kernel_size": (3, 3), "stride": (2, 2), "padding": (1, 1)},
    {"in_channels": 16, "out_channels": 10, "kernel_size": (1, 1)},
    {"in_channels": 10, "out_channels": 20, "kernel_size": (3, 3), "stride": (2, 1), "padding": (1, 1)},
    {"in_channels": 20, "out_channels": 8, "kernel_size": (1, 1)},
    {"in_channels": 8, "out_channels": 16, "kernel_size": (3, 7), "padding": (1, 3)},
    {"in_channels": 16, "out_channels": 8, "kernel_size": (1, 1)},
    {"in_channels": 8, "out_channels": 16, "kernel_size": (3, 5), "padding": (1, 2)},
    {"in_channels": 16, "out_channels": 64, "kernel_size": (1, 1)},
]
