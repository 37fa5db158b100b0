"""Guided questions: guess first, then the model's answer, why, on what evidence, and where to read on."""
