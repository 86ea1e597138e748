"""How good the leads were that were open at the end of a period, from the history of their scores."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.db.models import Count, OuterRef, Q, Subquery, Value, Window
from django.db.models.functions import Coalesce, Least
from django.db.models.functions import Lead as Following

from leads.models import Lead, User
from leads.models.leads import Outcome
from leads.organisation import local_midnight, today
from leads.querysets import visible_leads
from pipeline.models import Deal
from pipeline.querysets import DealQuerySet
from reports.periods import DAY, Period
from reports.places import bounds_of, place_of_day, place_of_moment
from reports.scope import Scope
from scoring.models import ScoreDay, ScoreState
from scoring.statistics import rate

ALIKE = """
SELECT width_bucket(day, %s::date[]) AS first, coalesce(width_bucket(until, %s::date[]), %s) AS last,
       state, band_id, count(*), coalesce(sum(total), 0)
FROM ({spells}) AS spell (day, until, state, band_id, total)
WHERE until IS NULL OR (until > day AND until > %s) GROUP BY 1, 2, 3, 4
"""


@dataclass(frozen=True)
class Quality:
    """The leads open at the end of a period: scored, excluded from scoring, or not scored by then."""

    open: int
    total: int  # the sum of their scores
    bands: Mapping[int, int]  # how many stood in the band with this id
    excluded: int

    @property
    def scored(self) -> int:
        return sum(self.bands.values())

    @property
    def unscored(self) -> int:
        return self.open - self.scored - self.excluded

    @property
    def mean(self) -> float | None:
        return rate(self.total, self.scored)


@dataclass(frozen=True)
class Spell:
    """Scores that held alike at the ends of the periods from `first` up to the one before `last`."""

    first: int
    last: int
    state: str
    band: int | None
    leads: int
    total: int


def open_quality(user: User, scope: Scope, periods: Sequence[Period]) -> list[Quality | None]:
    """One for each of these adjoining periods; None for one that has not begun."""
    spells, leads = _spells(user, scope, periods), _open_leads(user, scope, periods)
    return [
        _quality(place, spells, leads) if period.start <= today() else None
        for place, period in enumerate(periods, start=1)
    ]


def open_on(user: User, scope: Scope, day: date) -> DealQuerySet:
    """The deals of leads open at the end of a day, each with `state_then`, `band_then` and `total_then`."""
    latest = ScoreDay.objects.filter(lead=OuterRef("pk"), day__lte=day).order_by("-day")
    deals = Deal.objects.visible_to(user).filter(scope.condition(), _open_after(day, "lead__"))
    return deals.filter(lead__created_at__lt=local_midnight(day + DAY)).annotate(
        state_then=Coalesce(Subquery(latest.values("state")[:1]), Value(ScoreState.UNSCORED)),
        band_then=Subquery(latest.values("band__key")[:1]),
        total_then=Subquery(latest.values("total")[:1]),
    )


def _quality(place: int, spells: Iterable[Spell], leads: Mapping[tuple[int, int], int]) -> Quality:
    held = [spell for spell in spells if spell.first <= place < spell.last]
    bands: Counter[int] = Counter()
    for spell in held:
        if spell.state == ScoreState.SCORED and spell.band is not None:
            bands[spell.band] += spell.leads
    return Quality(
        open=sum(number for (first, last), number in leads.items() if first <= place < last),
        total=sum(spell.total for spell in held if spell.state == ScoreState.SCORED),
        bands=bands,
        excluded=sum(spell.leads for spell in held if spell.state == ScoreState.EXCLUDED),
    )


def _open_leads(user: User, scope: Scope, periods: Sequence[Period]) -> dict[tuple[int, int], int]:
    """How many leads were open from the end of one period to before the end of another."""
    leads = Lead.objects.visible_to(user).filter(scope.condition("deal__"), _open_after(periods[0].start))
    spans = leads.order_by().values(
        first=place_of_moment("created_at", periods),
        last=Coalesce(place_of_day("closed_on", periods), len(periods) + 1),
    )
    return {(row["first"], row["last"]): row["leads"] for row in spans.annotate(leads=Count("pk"))}


def _spells(user: User, scope: Scope, periods: Sequence[Period]) -> list[Spell]:
    """A score holds from its day, never before its lead was created, until the next one or the closing."""
    first = periods[0].start
    seen = visible_leads(user, "lead__") & scope.condition("lead__deal__") & _open_after(first, "lead__")
    following = Window(Following("day"), partition_by="lead", order_by="day")
    spells = ScoreDay.objects.filter(seen, day__lte=periods[-1].end).order_by()
    sql, values = spells.values_list(
        "day", Least(following, "lead__closed_on"), "state", "band_id", "total"
    ).query.sql_with_params()
    bounds = bounds_of(periods)
    with connection.cursor() as cursor:
        cursor.execute(ALIKE.format(spells=sql), [bounds, bounds, len(bounds), *values, first])
        return [Spell(*row) for row in cursor.fetchall()]


def _open_after(day: date, prefix: str = "") -> Q:
    """Not closed by then, nor on a day that nobody knows: such a lead may have been open or not."""
    return Q(**{f"{prefix}outcome": Outcome.OPEN}) | Q(**{f"{prefix}closed_on__gt": day})
