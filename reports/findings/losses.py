"""What losses say: what costs most, where, and who gets the deals."""

from operator import attrgetter

from django.utils.html import format_html
from django.utils.safestring import SafeString

from leads import formats
from reports.findings.words import counted, whole_money
from reports.flows import Reason
from reports.funnel import UNTOLD
from reports.losses import NONE, Line, Losses


def losses_finding(report: Losses) -> SafeString:
    """The reason that costs most, where it strikes, and the competitor who takes most."""
    if not report.total.deals:
        return format_html("<b>{}</b> in this period.", "Nothing was lost")
    told = [reason for reason in report.reasons if reason.key != UNTOLD]
    if not told:
        return format_html(
            "<b>No reason was given</b> for {} worth {}: nobody can learn from them.",
            counted(report.total.deals, "lost deal"),
            whole_money(report.total.value, report.currency),
        )
    costliest = max(told, key=attrgetter("value", "deals"))
    return format_html("{}{}", _reason(costliest, report), _competitor(report))


def _reason(reason: Reason, report: Losses) -> SafeString:
    share = reason.value / report.total.value if report.total.value else None
    part = f", {formats.share(share)} of all that was lost" if share is not None else ""
    return format_html(
        "<b>“{}” costs most</b>: {} worth {}{}.{}",
        reason.name,
        counted(reason.deals, "deal"),
        whole_money(reason.value, report.currency),
        part,
        _place(reason, report),
    )


def _place(reason: Reason, report: Losses) -> str:
    """Where most of them were lost, when there are several."""
    lines = [line for line in report.stages if reason.key in line.reasons]
    if reason.deals == 1 or not lines:
        return ""
    worst = max(lines, key=lambda line: line.reasons[reason.key].deals)
    return f" {formats.count(worst.reasons[reason.key].deals)} of them in {worst.name}."


def _competitor(report: Losses) -> SafeString | str:
    named = [line for line in report.competitors if line.key != NONE]
    if not named:
        return ""
    first: Line = max(named, key=lambda line: (line.total.value, line.total.deals))
    return format_html(
        " Of {} lost to competitors, <b>{}</b> took {} worth {}.",
        counted(report.named.deals, "deal"),
        first.name,
        formats.count(first.total.deals),
        whole_money(first.total.value, report.currency),
    )
