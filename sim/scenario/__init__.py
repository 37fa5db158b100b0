"""What if: the typed parameter registry, the YAML language, the dated timeline."""
