"""Outlines of the world map and the grid of tiles, as compact JSON files with the scripts that make them."""
