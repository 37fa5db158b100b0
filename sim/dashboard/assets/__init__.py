"""Files that the page reads before the framework starts."""
