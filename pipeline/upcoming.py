"""Who would get the next lead of each band in a pool, and why the others would not; nothing is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from leads.organisation import today
from pipeline.models import Part, RoutingPool
from pipeline.routing import Pool, read_credits, read_pool, read_reps
from pipeline.turns import Place, Rep, hindrances, in_leads, preview
from scoring.models import Band, Lane


@dataclass(frozen=True, slots=True)
class Row:
    """A member's place: the credit before the next lead, what stands in the way, whether it is their turn."""

    name: str
    share: int
    credit: str
    received: int
    last_at: datetime | None
    open_leads: int
    capacity: int | None
    expected: Decimal
    hindrance: str
    is_next: bool


@dataclass(frozen=True, slots=True)
class Upcoming:
    """The queue of one band, and the sentence that says whose turn it is."""

    band: Band
    sentence: str
    rows: list[Row]


def upcoming(row: RoutingPool) -> list[Upcoming]:
    """The queues of a pool for every band with a personal lane that it takes."""
    pool = read_pool(row)
    reps = read_reps([member.user_id for member in pool.members], today())
    read_credits([pool], reps)
    wanted = pool.choice.conditions.bands
    bands = [band for band in Band.objects.all() if band.lane == Lane.PERSONAL]
    return [_of_band(pool, band, reps) for band in bands if not wanted or band.pk in wanted]


def _of_band(pool: Pool, band: Band, reps: dict[int, Rep]) -> Upcoming:
    queue = pool.queue(Part.OWNER, band.pk, reps)
    able = [place for place in queue if place.rep.can]
    turn = preview(able) if able else None
    following = turn.place.rep.user_id if turn else None
    sentence = f"{turn.place.rep.name} is {turn.reason}." if turn else _nobody(queue)
    return Upcoming(band, sentence, [_row(place, following) for place in sorted(queue, key=_by_credit)])


def _nobody(queue: Sequence[Place]) -> str:
    if not queue:
        return "Nobody gets leads here: they wait."
    return f"Nobody can take a lead now ({hindrances(place.rep for place in queue)}): they wait."


def _by_credit(place: Place) -> tuple[bool, int, str]:
    return not place.rep.can, -place.credit, place.rep.name


def _row(place: Place, following: int | None) -> Row:
    rep = place.rep
    return Row(
        name=rep.name,
        share=place.share,
        credit=in_leads(place.credit),
        received=place.received,
        last_at=place.last_at,
        open_leads=rep.open_leads,
        capacity=rep.capacity,
        expected=rep.expected,
        hindrance=rep.hindrance,
        is_next=rep.user_id == following,
    )
