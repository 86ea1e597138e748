"""Coverage, backwards: what is needed, what there is, and what it takes to close the gap in time."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from math import ceil

from django.db.models import Avg, Count, Q

from leads.models import User
from leads.organisation import organisation, today
from pipeline.models import Deal, Target
from reports.cycles import took
from reports.forecast import NOTHING, Figures, ForecastQuery, Unconverted, cents, forecast
from reports.outlook import target_of
from reports.percentiles import Percentile
from reports.periods import DAY, Span
from reports.scope import Scope

YEAR = timedelta(days=365)


@dataclass(frozen=True)
class CoverageQuery(Scope):
    """What is asked: how much is needed from `start` to `end`; None for the target."""

    start: date
    end: date
    need: Decimal | None = None

    @property
    def forecast(self) -> ForecastQuery:
        """The same deals as a forecast."""
        shared = {name: getattr(self, name) for name in Scope.__dataclass_fields__}
        return ForecastQuery(self.start, self.end, **shared)


@dataclass(frozen=True)
class Record:
    """How the deals went that were closed in the last twelve months."""

    won: int
    lost: int
    disqualified: int
    mean_won: Decimal | None
    cycle: timedelta | None  # median of the won, from entering the pipeline
    in_time: int  # won within as many days as the period has left

    @property
    def win_rate(self) -> Decimal | None:
        """Won of those won or lost."""
        return Decimal(self.won) / (self.won + self.lost) if self.won + self.lost else None

    @property
    def conversion(self) -> Decimal | None:
        """Won of all closed leads, the disqualified among them."""
        closed = self.won + self.lost + self.disqualified
        return Decimal(self.won) / closed if closed else None

    @property
    def quick(self) -> Decimal | None:
        """The share of the won that would still close within the period."""
        return Decimal(self.in_time) / self.won if self.won else None


@dataclass(frozen=True)
class Coverage:
    """Money in the organisation's currency; None where nothing was measured, or nothing is needed."""

    currency: str
    span: Span
    need: Decimal | None
    is_target: bool
    figures: Figures
    record: Record
    days_left: int
    unconverted: list[Unconverted]
    unconverted_targets: list[Target]

    @property
    def reached(self) -> Decimal:
        """Won, and open by confidence."""
        return self.figures.won + self.figures.weighted

    @property
    def gap(self) -> Decimal:
        return max(NOTHING, (self.need or NOTHING) - self.reached)

    @property
    def times(self) -> Decimal | None:
        """Open value for each unit that is still to be won."""
        rest = (self.need or NOTHING) - self.figures.won
        return self.figures.open / rest if rest > 0 else None

    @property
    def pipeline_by_confidence(self) -> Decimal | None:
        """New open value that fills the gap at the mean confidence of what is open."""
        return _over(self.gap, self.figures.mean_confidence)

    @property
    def pipeline_by_win_rate(self) -> Decimal | None:
        """New open value that fills the gap at the measured win rate."""
        return _over(self.gap, self.record.win_rate)

    @property
    def new_leads(self) -> int | None:
        """Leads that fill the gap at the measured conversion and mean won value."""
        record = self.record
        per_lead = record.mean_won * record.conversion if record.mean_won and record.conversion else None
        return ceil(self.gap / per_lead) if per_lead else None

    @property
    def leads_in_time(self) -> int | None:
        """The same, counting only those that would close as quickly as the period asks."""
        if self.new_leads is None or not self.record.quick:
            return None
        return ceil(self.new_leads / self.record.quick)


def coverage(user: User, query: CoverageQuery) -> Coverage:
    """What the deals that this user sees cover of what is needed."""
    figures = forecast(user, query.forecast)
    target, foreign = target_of(user, query.forecast) if query.need is None else (None, [])
    days_left = max(0, (query.end - today()).days)
    return Coverage(
        currency=figures.currency,
        span=Span(query.start, query.end),
        need=target if query.need is None else query.need,
        is_target=query.need is None,
        figures=figures.total,
        record=_record(user, query, days_left),
        days_left=days_left,
        unconverted=figures.unconverted,
        unconverted_targets=foreign,
    )


def _record(user: User, query: CoverageQuery, days_left: int) -> Record:
    won = Q(lead__outcome="won")
    closed = Deal.objects.visible_to(user).filter(
        query.condition(), lead__closed_on__gt=today() - YEAR, lead__closed_on__lte=today()
    )
    measured = closed.with_money(organisation().currency, today()).annotate(took=took())
    entered = won & Q(entered_at__isnull=False)
    return Record(
        **measured.aggregate(
            won=Count("pk", filter=won),
            lost=Count("pk", filter=Q(lead__outcome="lost")),
            disqualified=Count("pk", filter=Q(lead__outcome="disqualified")),
            mean_won=Avg("converted", filter=won),
            cycle=Percentile("took", filter=entered),
            in_time=Count("pk", filter=entered & Q(took__lte=days_left * DAY)),
        )
    )


def _over(amount: Decimal, share: Decimal | None) -> Decimal | None:
    return cents([amount / share]) if share else None
