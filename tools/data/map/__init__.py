"""Builds the outlines and tiles of the map."""
