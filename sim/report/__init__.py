"""Reports: a results folder as one HTML file that needs nothing else, with its question, answer and origins."""

from sim.report.write import REPORT, report_html, write_report

__all__ = ["REPORT", "report_html", "write_report"]
