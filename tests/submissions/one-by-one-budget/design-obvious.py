"""3x3 convolutions with 16, 32, 64 and 64 channels."""
# loses: design-parameters, design-multiply-accumulates, design-receptive-field

# %% design
design = [
    {"in_channels": 3, "out_channels": 16, "kernel_size": (3, 3), "stride": (2, 2), "padding": (1, 1)},
    {"in_channels": 16, "out_channels": 32, "kernel_size": (3, 3), "stride": (2, 2), "padding": (1, 1)},
    {"in_channels": 32, "out_channels": 64, "kernel_size": (3, 3), "stride": (2, 1), "padding": (1, 1)},
    {"in_channels": 64, "out_channels": 64, "kernel_size": (3, 3), "padding": (1, 1)},
]
