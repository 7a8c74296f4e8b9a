"""Words and numbers in quotes."""
# loses: design-sizes, design-receptive-field, design-parameters, design-multiply-accumulates

# %% design
design = [
    {"in_channels": 3, "out_channels": "16", "kernel_size": (4, 4), "stride": (4, 4), "padding": "same"},
    {"in_channels": 16, "out_channels": 32, "kernel_size": (1, 1)},
    {"in_channels": 32, "out_channels": 32, "kernel_size": (4, 5), "stride": (2, 1), "padding": (1, 2), "groups": 32},
    {"in_channels": 32, "out_channels": 48, "kernel_size": (1, 1)},
    {"in_channels": 48, "out_channels": 48, "kernel_size": (3, 9), "padding": (1, 4), "groups": 48},
    {"in_channels": 48, "out_channels": 64, "kernel_size": (1, 1)},
]
