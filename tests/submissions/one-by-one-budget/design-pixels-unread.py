"""A 1x1 with stride (8, 4) first: all but one in 32 pixels are thrown away."""
# loses: design-receptive-field

# %% design
design = [
    {"in_channels": 3, "out_channels": 24, "kernel_size": (1, 1), "stride": (8, 4)},
    {"in_channels": 24, "out_channels": 24, "kernel_size": (3, 13), "padding": (1, 6), "groups": 24},
    {"in_channels": 24, "out_channels": 24, "kernel_size": (3, 3), "padding": (1, 1), "groups": 24},
    {"in_channels": 24, "out_channels": 64, "kernel_size": (1, 1)},
]
