"""The funnel as its chart takes it; static/js/charts describes the form."""

from collections.abc import Mapping
from typing import Any

from leads import formats
from reports.findings.funnel import told_reason
from reports.findings.words import counted, in_days, whole_money
from reports.flows import StageFlow
from reports.funnel import Funnel
from reports.stays import Stay


def funnel_chart(figures: Funnel, stays: Mapping[str, Stay], *, by_value: bool) -> dict[str, Any]:
    """One column for each stage, in deals or in value, and one for what was won."""
    leak = figures.costliest_leak
    return {
        "unit": "value" if by_value else "leads",
        "stages": [
            _column(stage, figures, stays.get(stage.stage), by_value=by_value) for stage in figures.stages
        ],
        "won": {
            "name": "Won",
            "note": counted(figures.won, "deal"),
            "deals": float(figures.value.advanced) if by_value else figures.won,
            "share": f"{formats.share(figures.deals.share, 1)} of {formats.count(figures.entered)}",
            "value": whole_money(figures.value.advanced, figures.currency),
        },
        "leak": leak and {"stage": figures.stages.index(leak), "lines": _callout(leak, figures.currency)},
    }


def _column(stage: StageFlow, figures: Funnel, stay: Stay | None, *, by_value: bool) -> dict[str, Any]:
    split = stage.value if by_value else stage.deals
    lost_value = whole_money(stage.lost_value, figures.currency)
    return {
        "name": stage.name,
        "note": f"{formats.count(stage.entered)} entered" + (f" · {in_days(stay.median)}" if stay else ""),
        "entered": float(split.entered),
        "advanced": float(split.advanced),
        "here": float(split.here),
        "lost": float(split.lost),
        "lost_note": counted(stage.lost, "deal") if by_value else lost_value,
    }


def _callout(leak: StageFlow, currency: str) -> list[str]:
    reason = told_reason(leak)
    lines = ["Costliest leak", f"{counted(leak.lost, 'deal')}, {whole_money(leak.lost_value, currency)}"]
    return [*lines, f"{formats.count(reason.deals)}: “{reason.name}”"] if reason else lines
