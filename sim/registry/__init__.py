"""Every parameter, declared once: default, bounds, unit, text, prior, slider."""
