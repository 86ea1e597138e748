"""The report on scoring as a table for files: all, each part, each period, each side of a version."""

from collections.abc import Iterator

from reports.effectiveness import Effectiveness, Moment
from reports.outcomes import Outcomes
from reports.quality import Quality
from reports.sheets.cells import Cells, fraction
from reports.splits import ENTRY_BAND, Split

HEAD = (
    *("Table", "Name", "Won", "Lost", "Win rate", "Interval from", "Interval to"),
    *("Median days won", "Mean days won", "Median days lost", "Mean days lost"),
    *("Scores computed afterwards", "Entered", "Still open", "Open leads at the end"),
    *("Sum of scores", "Mean score", "Excluded", "Not scored"),
)


def effectiveness_sheet(report: Effectiveness, split: Split, by: str) -> Iterator[Cells]:
    """All tables of the page below each other, told apart by the first column."""
    yield [*HEAD, *(f"In {band}" for band in report.bands)]
    yield _row("All", "All", report.total)
    yield _row("All", "Date unknown", report.undated)
    for part in report.parts:
        yield _row(split.label, part.name, part.outcomes)
    for part in report.entered if split != ENTRY_BAND else ():
        yield _row(ENTRY_BAND.label, part.name, part.outcomes)
    for moment in report.moments:
        yield [*_row(by.capitalize(), moment.period.name, moment.outcomes), "", "", *_stock(report, moment)]
    for comparison in report.comparisons:
        name = str(comparison.window.model)
        for when, side in (("Before", comparison.before), ("After", comparison.after)):
            if side:
                days = f"{comparison.window.days} days {when.lower()}"
                yield [*_row(days, name, side.outcomes), side.entered, side.open]


def _row(table: str, name: str, outcomes: Outcomes) -> Cells:
    interval, won, lost = outcomes.interval, outcomes.won_cycle, outcomes.lost_cycle
    return [
        *(table, name, outcomes.won, outcomes.lost, fraction(outcomes.win_rate)),
        *((fraction(interval.low), fraction(interval.high)) if interval else ("", "")),
        *(_days(days) for days in (won.median, won.mean, lost.median, lost.mean)),
        outcomes.filled,
    ]


def _stock(report: Effectiveness, moment: Moment) -> Cells:
    quality: Quality | None = moment.quality
    if quality is None:
        return []
    return [
        *(quality.open, quality.total, _days(quality.mean), quality.excluded, quality.unscored),
        *(quality.bands.get(band.pk, 0) for band in report.bands),
    ]


def _days(figure: float | None) -> float | str:
    return "" if figure is None else round(figure, 2)
