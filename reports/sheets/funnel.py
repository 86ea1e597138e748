"""The funnel as tables: rows for the page, and figures to the cent for files."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from operator import attrgetter

from reports.findings.funnel import told_reason
from reports.funnel import Funnel, Reason, Split, StageFlow
from reports.periods import DAY
from reports.sheets.cells import Cells, fraction


@dataclass(frozen=True)
class StageRow:
    """A stage with what the table says beside its figures."""

    flow: StageFlow
    split: Split[int] | Split[Decimal]  # in the measure that is asked for
    stay: timedelta | None
    reason: Reason | None
    won_share: float | None
    is_leak: bool


@dataclass(frozen=True)
class ReasonRow:
    """A reason with its share of the losses, and its bar in per cent of the longest."""

    reason: Reason
    share: float
    length: float


def stage_rows(figures: Funnel, stays: Mapping[str, timedelta], *, by_value: bool) -> list[StageRow]:
    """The stages of the funnel in order."""
    return [
        StageRow(
            flow=flow,
            split=flow.value if by_value else flow.deals,
            stay=stays.get(flow.stage),
            reason=told_reason(flow),
            won_share=figures.won / flow.entered if flow.entered else None,
            is_leak=flow == figures.costliest_leak,
        )
        for flow in figures.stages
    ]


def reason_rows(figures: Funnel, *, by_value: bool) -> list[ReasonRow]:
    """The reasons by deals or by value, largest first."""
    measure = attrgetter("value" if by_value else "deals")
    ordered = sorted(figures.reasons, key=measure, reverse=True)
    whole = measure(figures).lost or 1
    longest = measure(ordered[0]) or 1 if ordered else 1
    return [
        ReasonRow(reason, float(measure(reason) / whole), round(float(100 * measure(reason) / longest), 1))
        for reason in ordered
    ]


def funnel_sheet(figures: Funnel, stays: Mapping[str, timedelta]) -> Iterator[Cells]:
    """A row for each stage, counted and in money, then all of them."""
    yield [
        *("Stage", "Entered", "Lost", "Still here", "Advanced", "Currency", "Entered value", "Lost value"),
        *("Still here value", "Advanced value", "Median days", "First reason", "Won of entered"),
    ]
    for row in stage_rows(figures, stays, by_value=False):
        days = round(row.stay / DAY, 1) if row.stay else ""
        reason = row.reason.name if row.reason else ""
        yield [*_amounts(row.flow.name, row.flow, figures.currency), days, reason, fraction(row.won_share)]
    yield [*_amounts("All stages", figures, figures.currency), "", "", fraction(figures.deals.share)]


def _amounts(name: str, flow: StageFlow | Funnel, currency: str) -> Cells:
    return [
        *(name, flow.deals.entered, flow.deals.lost, flow.deals.here, flow.deals.advanced, currency),
        *(flow.value.entered, flow.value.lost, flow.value.here, flow.value.advanced),
    ]
