"""Plain convolutions with few channels, and 64 of them only at the end."""
# loses: nothing

# %% design
design = [
    {"in_channels": 3, "out_channels": 8, "kernel_size": (4, 3), "stride": (2, 2), "padding": (1, 1)},
    {"in_channels": 8, "out_channels": 12, "kernel_size": (3, 5), "stride": (2, 2), "padding": (1, 2)},
    {"in_channels": 12, "out_channels": 13, "kernel_size": (3, 5), "stride": (2, 1), "padding": (1, 2)},
    {"in_channels": 13, "out_channels": 13, "kernel_size": (3, 7), "padding": (1, 3)},
    {"in_channels": 13, "out_channels": 64, "kernel_size": (1, 1)},
]
