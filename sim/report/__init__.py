"""Reports: a results folder as one HTML file that needs nothing else, with its question, answer and origins."""

from sim.report.write import report_html, write_report
from sim.results.manifest import REPORT

__all__ = ["REPORT", "report_html", "write_report"]
