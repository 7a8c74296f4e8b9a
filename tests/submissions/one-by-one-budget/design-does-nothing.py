"""The cheapest network: no layers."""
# loses: design-sizes, design-receptive-field, design-parameters, design-multiply-accumulates

# %% design
design = []
