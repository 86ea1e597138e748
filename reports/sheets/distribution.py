"""The distribution as tables: ways for the page, and everything for files."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from reports.assigned import WAYS
from reports.distribution import Balance, Distribution, Fairness, Tally, WayRow
from reports.sheets.cells import Cells, fraction, in_hours

HEAD = [
    *("Part", "Pool", "Band", "Rep", "Received", "Expected", "Difference", "Accepted", "Rejected"),
    *("Not worked yet", "Median hours to response", "Largest difference", "Chance by lot"),
]


@dataclass(frozen=True)
class WayTable:
    """How many leads each rep got in each way that occurs; a key and a name for each column."""

    columns: list[tuple[str, str]]
    rows: list[tuple[WayRow, list[tuple[str, int]]]]
    totals: list[tuple[str, int]]


def way_table(report: Distribution) -> WayTable:
    """A column for each way in the order of their list."""
    columns = [(way, name) for way, name in WAYS.items() if way in report.totals]
    return WayTable(
        columns=columns,
        rows=[(row, _counts(columns, row.tallies)) for row in report.ways],
        totals=_counts(columns, report.totals),
    )


def _counts(columns: list[tuple[str, str]], tallies: Mapping[str, Tally]) -> list[tuple[str, int]]:
    return [(way, tallies.get(way, Tally()).received) for way, _ in columns]


def distribution_sheet(report: Distribution) -> Iterator[Cells]:
    """Reps by band and each band, then pools, then the ways on which all leads came."""
    yield HEAD
    for part in report.bands:
        for row in part.rows:
            yield ["Rep", "", part.band.name, str(row.rep), *_numbers(row.balance, row.tally), "", ""]
        yield ["Band", "", part.band.name, "", *_numbers(part.balance, part.tally), *_judged(part.fairness)]
    for place in report.pools:
        name = place.pool.name if place.pool else "Deleted pools"
        rest = ["", "", "", "", "", ""]
        yield ["Pool", name, place.band.name, "", place.fairness.leads, *rest, *_judged(place.fairness)]
    for ways in report.ways:
        for way, tally in ways.tallies.items():
            yield [f"Way: {WAYS[way]}", "", "", str(ways.rep), tally.received, "", "", *_fates(tally), "", ""]


def _numbers(balance: Balance, tally: Tally) -> Cells:
    return [balance.received, round(balance.expected, 4), round(balance.difference, 4), *_fates(tally)]


def _fates(tally: Tally) -> Cells:
    return [tally.accepted, tally.rejected, tally.waiting, in_hours(tally.response)]


def _judged(fairness: Fairness) -> Cells:
    return [round(fairness.largest, 4), fraction(fairness.chance.share if fairness.chance else None)]
