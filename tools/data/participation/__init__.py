"""Builds the tables of who joined what."""
