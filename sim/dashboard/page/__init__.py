"""The panels of the page, one module each; all take the `Session` and show what it holds."""
