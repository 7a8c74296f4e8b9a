"""Stills of the explorer, and a GIF of its animation: drawn here, without a browser."""

from convviz.stills.saving import save_gif, still_png

__all__ = ["save_gif", "still_png"]
