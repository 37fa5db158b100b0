"""Reports: a results folder as one HTML file that needs nothing else, with its question, answer and origins."""
