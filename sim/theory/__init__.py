"""The equations, once: small compiled functions of plain numbers, one mechanism per file.

The Mesa agents and the ensemble kernel both call these functions; there is no second implementation.
"""
