"""Figures: the palette, the data behind each picture, and how it is drawn."""
