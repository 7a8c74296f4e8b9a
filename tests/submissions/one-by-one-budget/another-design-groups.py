"""Groups everywhere and not a single 1x1."""
# loses: nothing

# %% design
design = [
    {"in_channels": 3, "out_channels": 16, "kernel_size": (3, 3), "stride": (2, 2), "padding": (1, 1)},
    {"in_channels": 16, "out_channels": 32, "kernel_size": (3, 3), "stride": (2, 2), "padding": (1, 1), "groups": 4},
    {"in_channels": 32, "out_channels": 64, "kernel_size": (3, 3), "stride": (2, 1), "padding": (1, 1), "groups": 16},
    {"in_channels": 64, "out_channels": 64, "kernel_size": (3, 7), "padding": (1, 3), "groups": 32},
    {"in_channels": 64, "out_channels": 64, "kernel_size": (3, 5), "padding": (1, 2), "groups": 64},
]
