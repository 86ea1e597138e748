"""Deals with a history of scores, as plain facts: generated, and written straight into the tables."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from hypothesis import strategies as st

from leads.models import Lead, ProductLine, User
from pipeline.models import Deal, Stage
from scoring.models import Band, ScoreDay
from tests.reports.facts import DISQUALIFIED, LOST, OPEN, WON

BANDS = {"hot": 70, "warm": 40, "cold": 10, "dead": 0}


@dataclass(frozen=True)
class Scored:
    """A total of a day, or None on a day on which the lead became excluded."""

    day: date
    total: int | None

    @property
    def band(self) -> str | None:
        if self.total is None:
            return None
        return next(key for key, least in BANDS.items() if self.total >= least)


@dataclass(frozen=True)
class Life:
    """A lead from birth to its end; people are places in a list."""

    outcome: str = OPEN
    created: date = date(2026, 1, 1)
    entered: date | None = date(2026, 1, 1)
    closed_on: date | None = None
    owner: int | None = 0
    entry: int | None = None  # the score on entering
    scores: tuple[Scored, ...] = ()
    pain: str = ""
    has_line: bool = False
    filled: bool = False

    @property
    def entry_band(self) -> str | None:
        return None if self.entry is None else Scored(self.created, self.entry).band


def write_lives(lives: list[Life], people: list[User], line: ProductLine | None = None) -> list[Deal]:
    """The lives as rows, without any verb, so that nothing but the report is tested."""
    stage = Stage.objects.get(pipeline__key="default", key="qualify")
    bands = {band.key: band for band in Band.objects.all()}
    leads = Lead.objects.bulk_create(
        Lead(
            status="working",
            outcome=life.outcome,
            closed_on=life.closed_on,
            owner=None if life.owner is None else people[life.owner],
            product_line=line if life.has_line else None,
            pain=life.pain,
            created_at=morning(life.created),
        )
        for life in lives
    )
    deals = Deal.objects.bulk_create(
        Deal(
            lead=lead,
            stage=stage,
            currency="EUR",
            confidence=50,
            automatic_confidence=50,
            entered_at=life.entered and morning(life.entered),
            entry_score=life.entry,
            entry_band=bands.get(life.entry_band),
            scores_filled_later=life.filled,
            closed_owner=None if life.outcome == OPEN else lead.owner,
            closed_team=None if life.outcome == OPEN or not lead.owner else lead.owner.team,
        )
        for life, lead in zip(lives, leads, strict=True)
    )
    ScoreDay.objects.bulk_create(
        ScoreDay(
            lead=lead,
            day=scored.day,
            state="excluded" if scored.total is None else "scored",
            total=scored.total,
            band=bands.get(scored.band),
        )
        for life, lead in zip(lives, leads, strict=True)
        for scored in life.scores
    )
    return deals


def morning(day: date) -> datetime:
    return datetime.combine(day, time(6), UTC)


days = st.dates(date(2025, 5, 1), date(2026, 8, 31))
totals = st.one_of(st.none(), st.integers(0, 100))


@st.composite
def lives(draw: st.DrawFn) -> Life:
    """Any life that the tables allow, also of deals that closed before they entered or were created."""
    outcome = draw(st.sampled_from([OPEN, WON, WON, LOST, LOST, DISQUALIFIED]))
    scored_on = draw(st.lists(days, max_size=5, unique=True))
    created = draw(days)
    return Life(
        outcome=outcome,
        created=created,
        entered=draw(st.one_of(st.none(), days, st.just(created + timedelta(days=3)))),
        closed_on=None if outcome == OPEN else draw(st.one_of(st.none(), days)),
        owner=draw(st.one_of(st.none(), st.integers(0, 2))),
        entry=draw(totals),
        scores=tuple(Scored(day, draw(totals)) for day in sorted(scored_on) if day >= created),
        pain=draw(st.sampled_from(["", "Energy costs", "Audits"])),
        has_line=draw(st.booleans()),
        filled=draw(st.booleans()),
    )
