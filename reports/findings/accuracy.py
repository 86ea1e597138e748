"""What accuracy says: how far forecasts were from what came."""

from django.utils.html import format_html
from django.utils.safestring import SafeString

from leads import formats
from reports.accuracy import Accuracy
from reports.findings.words import counted


def accuracy_finding(report: Accuracy) -> SafeString:
    """How far forecasts were from what came."""
    judged = [past for past in report.periods if past.error is not None]
    if report.mean_error is None:
        takes = "a snapshot from its beginning, and its end"
        return format_html("<b>No period is judged yet</b>: that takes {}.", takes)
    above = sum(1 for past in judged if past.error and past.error > 0)
    return format_html(
        "Forecasts missed by <b>{} of what was won</b>, over {}; {} of them {} too high.",
        formats.share(report.mean_error),
        counted(len(judged), "period"),
        formats.count(above),
        "was" if above == 1 else "were",
    )
