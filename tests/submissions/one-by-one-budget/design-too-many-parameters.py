"""A last 1x1 of twice as many channels: 736 parameters over, and the rest kept."""
# loses: design-parameters

# %% design
design = [
    {"in_channels": 3, "out_channels": 8, "kernel_size": (4, 4), "stride": (4, 4)},
    {"in_channels": 8, "out_channels": 8, "kernel_size": (4, 9), "stride": (2, 1), "padding": (1, 4), "groups": 8},
    {"in_channels": 8, "out_channels": 128, "kernel_size": (1, 1)},
    {"in_channels": 128, "out_channels": 64, "kernel_size": (1, 1)},
    {"in_channels": 64, "out_channels": 64, "kernel_size": (3, 5), "padding": (1, 2), "groups": 64},
]
