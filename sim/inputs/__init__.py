"""Model inputs as arrays; the only interface between scenario and engine."""
