"""What moved in the open pipeline of a period between two snapshots; the parts add up to the difference."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from django.db.models import (
    Case,
    CharField,
    Count,
    ExpressionWrapper,
    F,
    FilteredRelation,
    Q,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from leads.models import User
from leads.organisation import organisation, today
from pipeline.models import Deal
from pipeline.querysets import DealQuerySet
from reports.accuracy import MONEY, rate_on
from reports.forecast import NOTHING, cents
from reports.periods import Span
from reports.scope import Scope


class Moved(StrEnum):
    """What became of a deal between two snapshots; every deal has one."""

    NEW = "new"  # no snapshot had it
    CAME = "came"  # from another period, or reopened
    GROWN = "grown"
    SHRUNK = "shrunk"
    SLIPPED = "slipped"  # open, and expected in another period or overdue
    WON = "won"
    LOST = "lost"  # or disqualified
    LEFT = "left"  # open, and no longer being worked
    SAME = "same"

    @property
    def label(self) -> str:
        return LABELS[self]


LABELS = {
    Moved.NEW: "New",
    Moved.CAME: "Moved in",
    Moved.GROWN: "Grown",
    Moved.SHRUNK: "Shrunk",
    Moved.SLIPPED: "Slipped",
    Moved.WON: "Won",
    Moved.LOST: "Lost",
    Moved.LEFT: "No longer worked",
    Moved.SAME: "Unchanged",
}


@dataclass(frozen=True)
class Step:
    """All deals that moved in one way, and by how much they changed the open pipeline."""

    moved: Moved
    deals: int
    change: Decimal


@dataclass(frozen=True)
class Bar:
    """A bar of the waterfall between two levels; `change` is its figure."""

    key: str
    change: Decimal
    since: Decimal
    until: Decimal
    deals: int

    @property
    def label(self) -> str:
        return {"start": "Open then", "end": "Open now"}.get(self.key) or LABELS[Moved(self.key)]

    @property
    def is_step(self) -> bool:
        return self.key not in ("start", "end")


@dataclass(frozen=True)
class Movement:
    """start + the changes of all steps = end, to the cent; both sides at the rates of the later day."""

    since: date
    until: date
    span: Span
    start: Decimal
    end: Decimal
    steps: list[Step]

    @property
    def difference(self) -> Decimal:
        return self.end - self.start

    @property
    def bars(self) -> list[Bar]:
        """The waterfall: start, each step from where the last one ended, end."""
        level, bars = self.start, [Bar("start", self.start, NOTHING, self.start, 0)]
        for step in self.steps:
            bars.append(Bar(step.moved, step.change, level, level + step.change, step.deals))
            level += step.change
        return [*bars, Bar("end", self.end, NOTHING, self.end, 0)]

    @property
    def highest(self) -> Decimal:
        """What the whole width of the waterfall stands for."""
        return max((max(bar.since, bar.until) for bar in self.bars), default=NOTHING) or Decimal(1)


def movement(user: User, scope: Scope, span: Span, since: date, until: date) -> Movement:
    """The open pipeline with an expected close in the span, from one snapshot to a later one."""
    deals = moved_deals(user, scope, span, since, until)
    summed = deals.values(kind=F("moved")).annotate(
        deals=Count("*"), then=Sum("worth_before"), now=Sum("worth_after")
    )
    found = {row["kind"]: (row["deals"], cents([row["then"]]), cents([row["now"]])) for row in summed}
    steps = [
        Step(moved, number, after - before)
        for moved in Moved
        if moved in found and moved != Moved.SAME
        for number, before, after in [found[moved]]
    ]
    start = sum((before for _, before, _ in found.values()), NOTHING)
    end = sum((after for _, _, after in found.values()), NOTHING)
    return Movement(since, until, span, start, end, steps)


def moved_deals(user: User, scope: Scope, span: Span, since: date, until: date) -> DealQuerySet:
    """Deals in the open pipeline of the span on one of both days, with `moved` and what they were worth."""
    then, now = _is_in("before", span, since), _is_in("after", span, until)
    return (
        Deal.objects.visible_to(user)
        .filter(scope.condition())
        .annotate(
            before=FilteredRelation("snapshots", condition=Q(snapshots__taken_on=since)),
            after=FilteredRelation("snapshots", condition=Q(snapshots__taken_on=until)),
        )
        .filter(then | now)
        .annotate(worth_before=_worth("before", then, until), worth_after=_worth("after", now, until))
        .annotate(moved=_moved(then, now, until))
        .with_money(organisation().currency, today())
    )


def _is_in(side: str, span: Span, day: date) -> Q:
    """Open on that day and expected to close in the span, from that day on."""
    return Q(
        **{f"{side}__outcome": "open", f"{side}__expected_close_on__range": (max(span.start, day), span.end)}
    )


def _worth(side: str, is_in: Q, day: date) -> Coalesce:
    """In the organisation's currency; nothing where it is not in the pipeline, or has no rate or value."""
    worth = ExpressionWrapper(F(f"{side}__value") * rate_on(day, f"{side}__currency"), MONEY)
    return Coalesce(Case(When(is_in, then=worth), output_field=MONEY), NOTHING, output_field=MONEY)


def _moved(then: Q, now: Q, until: date) -> Case:
    """A deal closed more than a week ago is in no later snapshot: its lead knows how it ended."""
    ended = Q(after__isnull=True, lead__closed_on__lte=until)
    won = Q(after__outcome="won") | ended & Q(lead__outcome="won")
    lost = Q(after__outcome__in=["lost", "disqualified"]) | ended & Q(
        lead__outcome__in=["lost", "disqualified"]
    )
    both = then & now
    return Case(
        When(both & Q(worth_after__gt=F("worth_before")), then=Value(Moved.GROWN)),
        When(both & Q(worth_after__lt=F("worth_before")), then=Value(Moved.SHRUNK)),
        When(both, then=Value(Moved.SAME)),
        When(then & won, then=Value(Moved.WON)),
        When(then & lost, then=Value(Moved.LOST)),
        When(then & Q(after__outcome="open"), then=Value(Moved.SLIPPED)),
        When(then, then=Value(Moved.LEFT)),
        When(Q(before__isnull=True), then=Value(Moved.NEW)),
        default=Value(Moved.CAME),
        output_field=CharField(),
    )
