"""Map layers: one file per layer, found by `layers.registry`."""
