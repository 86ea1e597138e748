"""The ideal customer: what won leads share, as history has taught it, and which open leads are like them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet

from leads.models import Lead, ProductLine, User
from leads.organisation import local_midnight
from reports.likeness import (
    Criterion,
    Fit,
    Trait,
    count_matches,
    criteria_of,
    find_matches,
    least_of,
    read_trait,
)
from reports.periods import DAY
from reports.scope import Scope
from scoring.catalogue import read_catalogue
from scoring.fields import Catalogue
from scoring.models import BacktestedLead, RunStatus, Trial
from scoring.trials.closed import count_outcomes
from scoring.trials.findings import FEWEST
from scoring.trials.leaking import label_of
from scoring.trials.profiling import closed_of, profiles


@dataclass(frozen=True, kw_only=True)
class ProfileQuery(Scope):
    """Whose profile: a product line's, or all lines' together. The rest narrows the open leads that may fit.

    `start` and `end` are days on which these were created.
    """

    start: date | None = None
    end: date | None = None


@dataclass(frozen=True)
class Profile:
    """`won` and `lost` were learnt from; none of the rest is known before anything was learnt."""

    line: ProductLine | None
    won: int
    lost: int
    closed_won: int  # by now
    closed_lost: int
    learnt_at: datetime | None
    is_running: bool
    traits: tuple[Trait, ...]
    leaks: tuple[str, ...]  # fields that know the outcome
    fit: Fit | None

    @property
    def missing(self) -> tuple[int, int]:
        """How many won and lost leads are still needed."""
        return max(0, FEWEST - self.closed_won), max(0, FEWEST - self.closed_lost)

    @property
    def is_known(self) -> bool:
        return self.learnt_at is not None

    @property
    def newly_closed(self) -> int:
        """Leads that have closed since it was learnt."""
        return max(0, self.closed_won + self.closed_lost - self.won - self.lost)

    @property
    def positive(self) -> list[Trait]:
        return [trait for trait in self.traits if trait.speaks_for]

    @property
    def negative(self) -> list[Trait]:
        return [trait for trait in self.traits if not trait.speaks_for]


def profile(user: User, query: ProfileQuery) -> Profile:
    """The newest profile of a product line, and how many of the open leads that this user sees fit it."""
    trials = list(profiles(query.product_line))
    learnt = newest_learnt(trials)
    won, lost = count_outcomes(closed_of(query.product_line))
    catalogue = read_catalogue() if learnt else None
    traits = traits_of(learnt) if learnt else ()
    result = (learnt.result or {}) if learnt else {}
    return Profile(
        line=query.product_line,
        won=learnt.options["n_won"] if learnt else 0,
        lost=learnt.options["n_lost"] if learnt else 0,
        closed_won=won,
        closed_lost=lost,
        learnt_at=learnt.finished_at if learnt else None,
        is_running=any(trial.status == RunStatus.RUNNING for trial in trials),
        traits=traits,
        leaks=_leaks(result, catalogue) if catalogue else (),
        fit=_fit(open_leads(user, query), criteria_of(traits), catalogue) if catalogue else None,
    )


def newest_learnt(trials: Iterable[Trial]) -> Trial | None:
    """The first of these that found what there is to find, which may be nothing."""
    return next((trial for trial in trials if shares_of(trial) is not None), None)


def shares_of(trial: Trial) -> list[dict[str, Any]] | None:
    """What the trial found; None while it runs, and when it had too little to learn from."""
    found: list[dict[str, Any]] | None = (trial.result or {}).get("shares")
    return found


def traits_of(trial: Trial) -> tuple[Trait, ...]:
    """The strongest first."""
    return tuple(read_trait(place, share) for place, share in enumerate(shares_of(trial) or ()))


def open_leads(user: User, query: ProfileQuery) -> QuerySet[Lead]:
    """The open leads that are asked for, among those that this user sees."""
    condition = query.condition("deal__") & Q(outcome="open")
    if query.start:
        condition &= Q(created_at__gte=local_midnight(query.start))
    if query.end:
        condition &= Q(created_at__lt=local_midnight(query.end + DAY))
    leads: QuerySet[Lead] = Lead.objects.visible_to(user).filter(condition).order_by()
    return leads


def fitting_leads(user: User, query: ProfileQuery, matches: int | None) -> QuerySet[Lead]:
    """Open leads that meet exactly so many criteria, or, with None, most of them."""
    learnt = newest_learnt(profiles(query.product_line))
    criteria = criteria_of(traits_of(learnt)) if learnt else ()
    if not criteria:
        return Lead.objects.none()
    found = find_matches(open_leads(user, query), criteria, read_catalogue())
    wanted = {matches} if matches is not None else set(range(least_of(criteria), len(criteria) + 1))
    return Lead.objects.among(lead for lead, number in found.items() if number in wanted)


def leads_with(user: User, query: ProfileQuery, place: int, *, outcome: str) -> QuerySet[Lead]:
    """Closed leads that had a trait before their outcome, of those that this user sees.

    `outcome` is won, lost, or empty for both.
    """
    learnt = newest_learnt(profiles(query.product_line))
    had = BacktestedLead.objects.filter(trial=learnt, traits__contains=[place])
    if outcome:
        had = had.filter(is_won=outcome == "won")
    leads: QuerySet[Lead] = Lead.objects.visible_to(user).filter(pk__in=had.values("lead")).order_by()
    return leads


def _leaks(result: Mapping[str, Any], catalogue: Catalogue) -> tuple[str, ...]:
    """By name, those that gave themselves away and those that were listed."""
    paths = [leak["field"] for leak in result["leaks"]] + result["left_out"]
    return tuple(label_of(path, catalogue) for path in dict.fromkeys(paths))


def _fit(leads: QuerySet[Lead], criteria: tuple[Criterion, ...], catalogue: Catalogue) -> Fit | None:
    return Fit(criteria, count_matches(leads, criteria, catalogue)) if criteria else None
