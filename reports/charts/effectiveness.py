"""The report on scoring as its two charts take it; static/js/charts describes the forms."""

from typing import Any

from reports.effectiveness import Effectiveness, Moment
from reports.periods import By


def quality_chart(report: Effectiveness, by: By) -> dict[str, Any]:
    """Open leads by band at the end of each period that has begun, and their mean score."""
    begun = [moment for moment in report.moments if moment.quality]
    return {
        "bands": [{"name": band.name, "sign": band.colour} for band in reversed(report.bands)],
        "moments": [
            {
                "label": _label(moment, by, is_first=place == 0),
                "leads": [moment.quality.bands.get(band.pk, 0) for band in reversed(report.bands)],
                "mean": moment.quality.mean,
            }
            for place, moment in enumerate(begun)
            if moment.quality
        ],
    }


def rates_chart(report: Effectiveness, by: By) -> dict[str, Any]:
    """The win rate of each period that has begun, with its interval."""
    begun = [moment for moment in report.moments if moment.quality]
    return {
        "all": report.total.win_rate,
        "moments": [
            {"label": _label(moment, by, is_first=place == 0), "closed": moment.outcomes.closed}
            | _bounds(moment)
            for place, moment in enumerate(begun)
        ],
    }


def _bounds(moment: Moment) -> dict[str, float | None]:
    interval = moment.outcomes.interval
    if interval is None:
        return {"rate": None, "low": None, "high": None}
    return {"rate": interval.value, "low": interval.low, "high": interval.high}


def _label(moment: Moment, by: By, *, is_first: bool) -> str:
    """The year stands where it begins."""
    period = moment.period
    if by == By.QUARTER or is_first or period.start.month == 1:
        return period.name
    return f"{period.start:%b}"
