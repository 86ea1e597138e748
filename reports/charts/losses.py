"""The losses over time as their chart takes them; static/js/charts describes the form."""

from typing import Any

from reports.findings.words import counted, whole_money
from reports.losses import Line, Losses


def losses_chart(report: Losses, *, by_value: bool) -> dict[str, Any]:
    """One bar for each month or quarter whose days are known."""
    dated = [line for line in report.periods if line.span]
    return {
        "unit": "value" if by_value else "deals",
        "tone": "chart-lost",
        "bars": [_bar(line, report, by_value=by_value) for line in dated],
    }


def _bar(line: Line, report: Losses, *, by_value: bool) -> dict[str, Any]:
    names = {reason.key: reason.name for reason in report.reasons}
    most = sorted(line.reasons.items(), key=lambda told: -told[1].deals)[:3]
    return {
        "label": line.name,
        "amount": float(line.total.value) if by_value else line.total.deals,
        "lines": [
            ["Lost", counted(line.total.deals, "deal")],
            ["Value", whole_money(line.total.value, report.currency)],
            *([names[key], counted(pile.deals, "deal")] for key, pile in most),
        ],
    }
