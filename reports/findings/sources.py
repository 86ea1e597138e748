"""What sources say: who brings most, and which campaign returns most and least."""

from operator import attrgetter

from django.utils.html import format_html
from django.utils.safestring import SafeString

from leads import formats
from reports.findings.words import counted, signed_share, whole_money
from reports.sources import CAMPAIGN, NONE, SOURCE, Sources


def sources_finding(report: Sources) -> SafeString:
    """The source that brings most, and the campaigns that return most and least."""
    if not report.total.leads:
        return format_html("<b>{}</b> in this period.", "No lead arrived")
    return format_html("{}{}", _most(report), _campaigns(report))


def _most(report: Sources) -> SafeString:
    named = [line for line in report.table(SOURCE).lines if line.key != NONE]
    if not named:
        leads = counted(report.total.leads, "lead")
        return format_html("<b>{}</b>: nobody has said where {} came from.", "No source is named", leads)
    best = max(named, key=attrgetter("revenue", "won", "leads"))
    if not best.won:
        first = max(named, key=attrgetter("leads"))
        return format_html(
            "<b>{}</b> brings most leads: {}. Nothing is won yet.", first.name, formats.count(first.leads)
        )
    share = best.revenue / report.total.revenue if report.total.revenue else None
    part = f", {formats.share(share)} of all revenue" if share is not None else ""
    return format_html(
        "<b>{} brings most</b>: {} won of {}, worth {}{}.",
        best.name,
        formats.count(best.won),
        counted(best.leads, "lead"),
        whole_money(best.revenue, report.currency),
        part,
    )


def _campaigns(report: Sources) -> SafeString | str:
    paid = [line for line in report.table(CAMPAIGN).lines if line.returned is not None]
    if not paid:
        return ""
    best, worst = max(paid, key=attrgetter("returned")), min(paid, key=attrgetter("returned"))
    if best == worst:
        return format_html(" {} returns {}.", best.name, signed_share(best.returned))
    return format_html(
        " Of the campaigns with a cost, <b>{}</b> returns {} and <b>{}</b> {}.",
        best.name,
        signed_share(best.returned),
        worst.name,
        signed_share(worst.returned),
    )
