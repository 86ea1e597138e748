"""What coverage says: whether what there is reaches what is needed."""

from django.utils.html import format_html
from django.utils.safestring import SafeString

from reports.coverage import Coverage
from reports.findings.words import counted, in_days, whole_money


def coverage_finding(report: Coverage) -> SafeString:
    """Whether what there is reaches what is needed, and whether the rest can still come in time."""
    if report.need is None:
        return format_html("<b>No target is set</b> for {}. Say how much is needed.", report.span.label)
    need, reached = whole_money(report.need, report.currency), whole_money(report.reached, report.currency)
    if not report.gap:
        return format_html("<b>Covered</b>: won and open by confidence come to {} of {}.", reached, need)
    return format_html(
        "<b>{} are missing</b> of {}: won and open by confidence come to {}. {}",
        whole_money(report.gap, report.currency),
        need,
        reached,
        _in_time(report),
    )


def _in_time(report: Coverage) -> SafeString:
    record = report.record
    if report.new_leads is None or record.cycle is None:
        nothing = "Nothing was won in the last 12 months"
        return format_html("{}, so nobody knows how many leads that takes.", nothing)
    leads, days = counted(report.new_leads, "new lead"), counted(report.days_left, "day")
    if not record.quick:
        return format_html(
            "That takes about <b>{}</b>, and none would close in time: {} left, and no deal was that quick.",
            leads,
            days,
        )
    return format_html(
        "That takes about <b>{}</b>. A deal takes {}, and {} are left: <b>{}</b>, so that enough are quick.",
        leads,
        in_days(record.cycle),
        days,
        counted(report.leads_in_time or 0, "lead"),
    )
