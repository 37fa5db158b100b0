"""Calibrate and validate the model against who really joined what."""
