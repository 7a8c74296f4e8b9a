// In place of the theme's script of this name. That one turns every <i> of a page into an SVG, those
// of ipywidgets' Play buttons too, which then stop working. The theme's icons come as a font as well.
