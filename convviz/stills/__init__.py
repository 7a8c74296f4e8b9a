"""Stills of the explorers, and a GIF of an animation: drawn here, without a browser."""

from convviz.stills.axis_still import axis_still_png
from convviz.stills.image_still import image_still_png
from convviz.stills.saving import save_gif, still_png

__all__ = ["axis_still_png", "image_still_png", "save_gif", "still_png"]
