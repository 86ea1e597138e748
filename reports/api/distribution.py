"""The API's door to the distribution."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Schema

from config.problems import ANSWERS
from leads.requests import signed_in
from reports.api.asking import Asked, judged
from reports.distribution import Balance, Distribution, Fairness, Tally, distribution
from reports.forms.distribution import DistributionForm

router = Router(tags=["reports"])


class DistributionAsked(Asked):
    pool: str = ""


class TallyOut(Schema):
    """received = accepted + rejected + waiting; the response is the median in hours."""

    received: int
    accepted: int
    rejected: int
    waiting: int
    response_hours: float | None


class RepOut(TallyOut):
    rep: str
    expected: float
    difference: float


class FairnessOut(Schema):
    """Over everybody who shared the leads; `chance` is the share of those by lot that are as uneven."""

    leads: int
    reps: int
    largest_difference: float
    chi_square: float | None
    freedom: int | None
    chance: float | None
    is_drawn: bool | None


class BandOut(FairnessOut):
    band: str
    rows: list[RepOut]


class PoolOut(FairnessOut):
    pool: str | None
    band: str


class WayOut(TallyOut):
    rep: str
    way: str


class DistributionOut(Schema):
    bands: list[BandOut]
    pools: list[PoolOut]
    ways: list[WayOut]
    unrecorded: int


@router.get("/reports/distribution", response={200: DistributionOut, **ANSWERS}, summary="Distribution")
def get_distribution(request: HttpRequest, asked: Query[DistributionAsked]) -> object:
    """What each rep got of each band in turn, against their share, and what became of it."""
    user = signed_in(request)
    form = judged(DistributionForm(asked.model_dump(), user=user))
    return distribution_out(distribution(user, form.query()))


def distribution_out(report: Distribution) -> Mapping[str, Any]:
    """The report as DistributionOut has it."""
    return {
        "bands": [
            _fairness(part.fairness)
            | {
                "band": part.band.key,
                "rows": [
                    {"rep": row.rep.username} | _balance(row.balance) | _tally(row.tally) for row in part.rows
                ],
            }
            for part in report.bands
        ],
        "pools": [
            _fairness(part.fairness) | {"pool": part.pool and part.pool.name, "band": part.band.key}
            for part in report.pools
        ],
        "ways": [
            {"rep": row.rep.username, "way": way} | _tally(tally)
            for row in report.ways
            for way, tally in row.tallies.items()
        ],
        "unrecorded": report.unrecorded,
    }


def _balance(balance: Balance) -> dict[str, Any]:
    return {"expected": round(balance.expected, 4), "difference": round(balance.difference, 4)}


def _tally(tally: Tally) -> dict[str, Any]:
    hours = None if tally.response is None else round(tally.response / timedelta(hours=1), 2)
    return {
        "received": tally.received,
        "accepted": tally.accepted,
        "rejected": tally.rejected,
        "waiting": tally.waiting,
        "response_hours": hours,
    }


def _fairness(fairness: Fairness) -> dict[str, Any]:
    chance = fairness.chance
    return {
        "leads": fairness.leads,
        "reps": fairness.reps,
        "largest_difference": round(fairness.largest, 4),
        "chi_square": chance and round(chance.statistic, 4),
        "freedom": chance and chance.freedom,
        "chance": chance and round(chance.share, 4),
        "is_drawn": chance and chance.is_drawn,
    }
