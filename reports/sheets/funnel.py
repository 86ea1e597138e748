"""The funnel as tables: rows for the page, and figures to the cent for files."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from operator import attrgetter

from reports.comparison import Comparison, Contrast
from reports.findings.funnel import told_reason
from reports.flows import Ends, Flow, Reason, Split, StageFlow
from reports.funnel import Funnel
from reports.funnel_parts import Month, Part
from reports.funnel_report import FunnelReport
from reports.periods import DAY
from reports.sheets.cells import Cells, fraction
from reports.stays import Stay


@dataclass(frozen=True)
class StageRow:
    """A stage with what the table says beside its figures."""

    flow: StageFlow
    split: Split[int] | Split[Decimal]  # in the measure that is asked for
    stay: Stay | None
    reason: Reason | None
    won_share: float | None
    is_leak: bool


@dataclass(frozen=True)
class ReasonRow:
    """A reason with its share of the losses, its bar in per cent of the longest, and its losses by stage."""

    reason: Reason
    share: float
    length: float
    stages: list[tuple[str, Reason | None]]  # with the stage's key


@dataclass(frozen=True)
class PartRow:
    """A part of the funnel with the widths of its bar, in per cent."""

    part: Part
    widths: Split[float]
    address: str = ""  # its name in addresses, where the funnel can be filtered for it
    sign: str = ""  # of a band

    @property
    def lost_from(self) -> float:
        """Where the lost begin in the bar: after the won and the open."""
        return self.widths.advanced + self.widths.here


def stage_rows(figures: Funnel, stays: Mapping[str, Stay], *, by_value: bool) -> list[StageRow]:
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
    at = {(flow.stage, reason.key): reason for flow in figures.stages for reason in flow.reasons}
    return [
        ReasonRow(
            reason,
            float(measure(reason) / whole),
            round(float(100 * measure(reason) / longest), 1),
            [(flow.stage, at.get((flow.stage, reason.key))) for flow in figures.stages],
        )
        for reason in ordered
    ]


def month_rows(months: Sequence[Month]) -> list[PartRow]:
    """The cohorts with bars of what became of their deals."""
    return [PartRow(month, _widths(month.deals)) for month in months]


def part_rows(
    parts: Sequence[Part], address_of: Callable[[str], str], signs: Mapping[str, str]
) -> list[PartRow]:
    """The same for the parts of a split; `signs` are those of bands, by their keys."""
    return [
        PartRow(part, _widths(part.deals), address_of(part.key), signs.get(part.key, "")) for part in parts
    ]


def _widths(deals: Split[int]) -> Split[float]:
    ends = (deals.lost, deals.here, deals.advanced)
    return Split(*(round(100 * end / deals.entered, 2) if deals.entered else 0.0 for end in ends))


def funnel_sheet(report: FunnelReport, table: str) -> Iterator[Cells]:
    """The table with this name: stages, reasons, months, parts, comparison."""
    if table == "reasons":
        return _reasons(report.funnel)
    if table == "months":
        return _parts("Month", report.months, report.funnel)
    if table == "parts":
        return _parts(report.dimension.label, report.parts, report.funnel)
    if table == "comparison":
        return _contrasts(report.comparison)
    return _stages(report.funnel, report.stays)


def _stages(figures: Funnel, stays: Mapping[str, Stay]) -> Iterator[Cells]:
    """A row for each stage, counted and in money, then all of them."""
    yield [
        *("Stage", "Entered", "Lost", "Still here", "Advanced", "Currency", "Entered value", "Lost value"),
        *("Still here value", "Advanced value", "Median days", "90th percentile days", "First reason"),
        *("Advanced of entered", "Won of entered"),
    ]
    for row in stage_rows(figures, stays, by_value=False):
        days = [_days(row.stay.median), _days(row.stay.p90)] if row.stay else ["", ""]
        reason = row.reason.name if row.reason else ""
        shares = [fraction(row.flow.deals.share), fraction(row.won_share)]
        yield [*_amounts(row.flow.name, row.flow, figures.currency), *days, reason, *shares]
    shares = [fraction(figures.deals.share)] * 2
    yield [*_amounts("All stages", figures, figures.currency), "", "", "", *shares]


def _days(stay: timedelta) -> float:
    return round(stay / DAY, 1)


def _amounts(name: str, flow: Flow, currency: str) -> Cells:
    return [
        *(name, flow.deals.entered, flow.deals.lost, flow.deals.here, flow.deals.advanced, currency),
        *(flow.value.entered, flow.value.lost, flow.value.here, flow.value.advanced),
    ]


def _reasons(figures: Funnel) -> Iterator[Cells]:
    """Each reason at each stage, then at all of them."""
    yield ["Stage", "Reason", "Lost", "Currency", "Lost value"]
    for name, reasons in [
        *((flow.name, flow.reasons) for flow in figures.stages),
        ("All stages", figures.reasons),
    ]:
        for reason in reasons:
            yield [name, reason.name, reason.deals, figures.currency, reason.value]


def _parts(head: str, parts: Sequence[Part], figures: Funnel) -> Iterator[Cells]:
    """A row for each part, then all of them."""
    yield [
        *(head, "Entered", "Lost", "Still open", "Won", "Currency", "Entered value", "Lost value"),
        *("Still open value", "Won value", "Disqualified", "Win rate", "Won of entered"),
    ]
    named: list[tuple[str, Ends]] = [*((part.name, part) for part in parts), ("All", figures)]
    for name, ends in named:
        shares = [fraction(ends.win_rate), fraction(ends.deals.share)]
        yield [*_amounts(name, ends, figures.currency), ends.disqualified, *shares]


def _contrasts(comparison: Comparison | None) -> Iterator[Cells]:
    """The shares of both sides with their 95 % intervals; only a head where nothing is compared."""
    ours, theirs = (
        (comparison.against.own_name, comparison.against.name) if comparison else ("Ours", "Theirs")
    )
    yield [
        "Share",
        *(f"{side}: {word}" for side in (ours, theirs) for word in ("part", "whole", "share", "low", "high")),
        *("Difference", "By chance"),
    ]
    for contrast in comparison.contrasts if comparison else ():
        yield _contrast(contrast)


def _contrast(contrast: Contrast) -> Cells:
    sides = [
        cell
        for side in (contrast.ours, contrast.theirs)
        for cell in (side.part, side.whole, fraction(side.value), *map(fraction, side.bounds or (None, None)))
    ]
    return [contrast.name, *sides, fraction(contrast.difference), fraction(contrast.chance)]
