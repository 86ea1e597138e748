"""What a funnel says: where most is lost, and why."""

from decimal import Decimal

from django.utils.html import format_html
from django.utils.safestring import SafeString

from leads import formats
from reports.findings.words import counted, whole_money
from reports.flows import Reason, StageFlow
from reports.funnel import UNTOLD, Funnel

NOTABLE = Decimal("1.5")  # times as much, from which a comparison is worth its words


def funnel_finding(figures: Funnel) -> SafeString:
    """Where most is lost, by value and by number, with the evidence."""
    most, costliest = figures.largest_leak, figures.costliest_leak
    if not most:
        return format_html(
            "<b>Nothing was lost</b> of the {} that entered.", counted(figures.entered, "lead")
        )
    if not costliest:
        return _by_number("Most are lost in", most)
    by_value = _by_value(costliest, most, figures.currency)
    if most.lost == costliest.lost:
        return by_value
    return format_html("{} {}", by_value, _by_number("By number it is", most))


def leak_finding(figures: Funnel) -> SafeString:
    """The costliest leak alone, in one sentence."""
    costliest = figures.costliest_leak
    return _by_value(costliest, costliest, figures.currency) if costliest else funnel_finding(figures)


def told_reason(leak: StageFlow) -> Reason | None:
    """The reason that was given most often for a loss there, if any was."""
    return next((reason for reason in leak.reasons if reason.key != UNTOLD), None)


def _by_value(leak: StageFlow, most: StageFlow, currency: str) -> SafeString:
    return format_html(
        "<b>The costliest leak is {}.</b> {} worth {} {} lost there{}.{}",
        leak.name,
        counted(leak.lost, "lead"),
        whole_money(leak.lost_value, currency),
        "was" if leak.lost == 1 else "were",
        _each(leak, most, currency),
        _said(leak),
    )


def _each(leak: StageFlow, most: StageFlow, currency: str) -> str:
    """What one of them is worth; only those that have a value tell."""
    if leak.lost == 1:
        return ""
    each = f", {whole_money(leak.mean_lost_value, currency)} each{_compared(leak, most)}"
    valueless = leak.lost - leak.priced
    return f"{each}; {formats.count(valueless)} of them without a value" if valueless else each


def _compared(leak: StageFlow, other: StageFlow) -> str:
    if leak == other or not other.mean_lost_value or not leak.mean_lost_value:
        return ""
    times = leak.mean_lost_value / other.mean_lost_value
    return f", {times:.1f} times as much as in {other.name}" if times >= NOTABLE else ""


def _by_number(opening: str, leak: StageFlow) -> SafeString:
    return format_html(
        "{} <b>{}</b>: {}, {} of those that entered.{}",
        opening,
        leak.name,
        counted(leak.lost, "lead"),
        formats.share(leak.lost / leak.entered),
        _said(leak),
    )


def _said(leak: StageFlow) -> str:
    reason = told_reason(leak)
    return f" {formats.count(reason.deals)} of them: “{reason.name}”." if reason else ""
