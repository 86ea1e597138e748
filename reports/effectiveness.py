"""Does scoring work? Whether leads with better scores are won more often, and sooner."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import chain
from typing import Any

import numpy as np
from django.db.models import Count, F

from leads.models import User
from leads.models.leads import Outcome
from leads.organisation import local_date, organisation
from pipeline.models import Deal
from pipeline.querysets import DealQuerySet
from reports.cycles import days_taken
from reports.outcomes import Ended, Outcomes, outcomes_of
from reports.periods import By, Period, Span, split
from reports.places import place_of_day
from reports.quality import Quality, open_quality
from reports.scope import Scope
from reports.splits import ENTRY_BAND, Split, in_order, split_deals
from reports.versions import (
    MOST_VERSIONS,
    BeforeAfter,
    Window,
    compare_versions,
    published_versions,
    window_of,
)
from scoring.models import Band, ScoringModel
from scoring.statistics import Interval, Sample, auc_interval

CLOSED = (Outcome.WON, Outcome.LOST)


@dataclass(frozen=True)
class EffectivenessQuery(Scope):
    """What is asked; without `start` and `end` all closed deals count, also those without a date."""

    span: Span  # of what is shown over time
    start: date | None = None
    end: date | None = None
    by: By = By.MONTH
    split: Split = ENTRY_BAND
    window: int = 90  # days before and after a version went live

    @property
    def is_dated(self) -> bool:
        return bool(self.start or self.end)


@dataclass(frozen=True)
class Part:
    """The closed deals with one answer to the split."""

    key: str
    name: str
    band: Band | None
    cells: list[Ended]

    @cached_property
    def outcomes(self) -> Outcomes:
        return outcomes_of(self.cells)


@dataclass(frozen=True)
class Evidence:
    """How well the score on entering told won deals from lost ones."""

    auc: Interval | None  # None unless both won and lost deals had a score
    scored: int
    unscored: int
    filled: int  # of the scored, those whose scores were computed afterwards


@dataclass(frozen=True)
class Moment:
    """What closed in a period, and how good the leads were that were open at its end."""

    period: Period
    outcomes: Outcomes
    quality: Quality | None  # None of a period that has not begun


@dataclass(frozen=True)
class Effectiveness:
    """All figures of the report; money plays no part in it."""

    total: Outcomes
    parts: list[Part]
    entered: list[Part]  # by the band on entering, the best first
    evidence: Evidence
    bands: list[Band]
    moments: list[Moment]
    undated: Outcomes  # closed on a day that nobody knows
    maturity: int | None  # days within which nine of ten closed deals had closed
    comparisons: list[BeforeAfter]

    @property
    def latest(self) -> Moment | None:
        """The last period that has begun."""
        return next((moment for moment in reversed(self.moments) if moment.quality), None)

    @property
    def compared_bands(self) -> tuple[Part, Part] | None:
        """The best and the worst band on entering with enough closed deals; None unless there are two."""
        enough = [part for part in self.entered if part.band and not part.outcomes.is_few]
        return (enough[0], enough[-1]) if len(enough) > 1 else None


def effectiveness(user: User, query: EffectivenessQuery) -> Effectiveness:
    """The figures of the deals that this user sees, from at most ten statements."""
    bands, periods = list(Band.objects.all()), periods_of(query)
    deals = closed_deals(user, query)
    entered = _parts(deals, ENTRY_BAND, bands)
    closed = _by_period(user, query, periods)
    quality = open_quality(user, query, periods)
    maturity = _maturity(closed)
    return Effectiveness(
        total=outcomes_of(cell for part in entered for cell in part.cells),
        parts=entered if query.split == ENTRY_BAND else _parts(deals, query.split, bands),
        entered=entered,
        evidence=_evidence(deals),
        bands=bands,
        moments=[
            Moment(period, outcomes_of(closed[place]), good)
            for place, (period, good) in enumerate(zip(periods, quality, strict=True), start=1)
        ],
        undated=outcomes_of(closed[None]),
        maturity=maturity,
        comparisons=compare_versions(user, query, _windows(query, maturity)),
    )


def periods_of(query: EffectivenessQuery) -> list[Period]:
    """The months or quarters that are shown over time."""
    return split(query.span, query.by, organisation().fiscal_year_start)


def closed_deals(user: User, query: EffectivenessQuery) -> DealQuerySet:
    """Deals won or lost in the period that is asked for, or ever."""
    closed = _ever_closed(user, query)
    if query.start:
        closed = closed.filter(lead__closed_on__gte=query.start)
    return closed.filter(lead__closed_on__lte=query.end) if query.end else closed


def window_asked(user: User, query: EffectivenessQuery, version: int) -> Window | None:
    """The window of one published version; None if none such is compared."""
    windows = _windows(query, _maturity(_by_period(user, query, periods_of(query))))
    return next((window for window in windows if window.model.pk == version), None)


def _ever_closed(user: User, query: EffectivenessQuery) -> DealQuerySet:
    return Deal.objects.visible_to(user).filter(query.condition(), lead__outcome__in=CLOSED)


def _alike(deals: DealQuerySet, **kind: Any) -> Iterable[dict[str, Any]]:
    """Closed deals counted by a kind, outcome, days taken, and whether their scores came afterwards."""
    alike = deals.order_by().values(
        **kind, outcome=F("lead__outcome"), days=days_taken(), filled=F("scores_filled_later")
    )
    return map(dict, alike.annotate(deals=Count("pk")))


def _parts(deals: DealQuerySet, by: Split, bands: Iterable[Band]) -> list[Part]:
    cells: dict[str, list[Ended]] = defaultdict(list)
    for row in _alike(split_deals(deals, by), kind=F("part")):
        cells[row.pop("kind")].append(Ended(**row))
    known = {band.key: band for band in bands} if by.is_band else {}
    names = by.names(cells)
    sizes = {key: sum(cell.deals for cell in same) for key, same in cells.items()}
    return [
        Part(key, str(known.get(key) or names.get(key, key)), known.get(key), cells[key])
        for key in in_order(cells, known, sizes)
    ]


def _by_period(user: User, query: EffectivenessQuery, periods: Sequence[Period]) -> dict[Any, list[Ended]]:
    """What ever closed by the place of its period, beginning with 1; under None what has no date."""
    cells: dict[int | None, list[Ended]] = defaultdict(list)
    for row in _alike(_ever_closed(user, query), kind=place_of_day("lead__closed_on", periods)):
        cells[row.pop("kind")].append(Ended(**row))
    return cells


def _maturity(closed: Mapping[Any, Iterable[Ended]]) -> int | None:
    return outcomes_of(chain.from_iterable(closed.values())).maturity


def _evidence(deals: DealQuerySet) -> Evidence:
    """Scores are whole numbers from 0 to 100, so that a few hundred rows hold all deals."""
    alike = deals.order_by().values_list("entry_score", "lead__outcome", "scores_filled_later")
    rows = list(alike.annotate(deals=Count("pk")))
    scored = [row for row in rows if row[0] is not None]
    found = {score for score, *_ in scored}
    counts: dict[str, Counter[int]] = {end: Counter(dict.fromkeys(found, 0)) for end in CLOSED}
    for score, outcome, _, number in scored:
        counts[outcome][score] += number
    return Evidence(
        auc=auc_interval(_sample(counts)),
        scored=sum(row[3] for row in scored),
        unscored=sum(row[3] for row in rows if row[0] is None),
        filled=sum(row[3] for row in scored if row[2]),
    )


def _sample(counts: Mapping[str, Counter[int]]) -> Sample:
    scores = sorted(counts[Outcome.WON])
    won, lost = (np.array([counts[end][score] for score in scores], dtype=np.int64) for end in CLOSED)
    return Sample(np.array(scores, dtype=float), won, lost)


def _windows(query: EffectivenessQuery, maturity: int | None) -> list[Window]:
    """Of the versions that are asked for, the newest first."""
    published = published_versions()
    shown = [model for model in published if _is_asked(model, query)][:MOST_VERSIONS]
    return [window_of(model, published, longest=query.window, maturity=maturity) for model in shown]


def _is_asked(model: ScoringModel, query: EffectivenessQuery) -> bool:
    """It went live in the period, and scores the product line."""
    began = model.active_from and local_date(model.active_from)
    if not began or (query.start and began < query.start) or (query.end and began > query.end):
        return False
    return query.product_line is None or model.product_line in (None, query.product_line)
