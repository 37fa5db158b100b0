"""Writes the project's tables from the collected material: ``python -m tools.data.world --raw FOLDER``.

Nothing else imports this; the package works from the written tables alone.
"""
