"""The month at a glance: target, forecast, what rots, where deals are lost, who has too much in hand."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, Sum

from leads.models import User
from leads.organisation import organisation, today
from pipeline.models import Deal, Target
from pipeline.querysets import DealQuerySet
from reports.asking import people_seen_by
from reports.calibration import CalibratedStages, calibrated_stages
from reports.forecast import NOTHING, Forecast, ForecastQuery, cents, forecast
from reports.funnel import Cohort, Funnel, FunnelQuery, funnel, pipelines_for
from reports.observations import CalibrationQuery
from reports.outlook import Line, whole_line
from reports.periods import YEAR_MONTHS, add_months, month_start, months
from reports.scope import Scope


@dataclass(frozen=True)
class HomeQuery(Scope):
    """Whose month: the one in which `day` lies."""

    day: date

    @property
    def forecast(self) -> ForecastQuery:
        """The month as a forecast."""
        span = months(month_start(self.day), 1)
        return ForecastQuery(span.start, span.end, **self.shared)

    @property
    def entered_since(self) -> date:
        """The leak is looked for among the deals of twelve months, this one included."""
        return add_months(month_start(self.day), 1 - YEAR_MONTHS)

    @property
    def shared(self) -> dict[str, Any]:
        """What it has in common with every report."""
        return {name: getattr(self, name) for name in Scope.__dataclass_fields__}


@dataclass(frozen=True)
class Rot:
    """Open deals that stand in their stage for longer than it allows, among all that are open."""

    deals: int
    value: Decimal
    open_deals: int
    open_value: Decimal
    unconverted: int  # of those that rot

    @property
    def share(self) -> Decimal | None:
        """Of the open value."""
        return self.value / self.open_value if self.open_value else None


@dataclass(frozen=True)
class Load:
    """Somebody with a capacity, and the open leads that they have in hand."""

    user_id: int
    name: str
    leads: int
    capacity: int

    @property
    def over(self) -> int:
        return self.leads - self.capacity


@dataclass(frozen=True)
class Home:
    """What the page says; money in the organisation's currency."""

    query: HomeQuery
    figures: Forecast
    month: Line
    unconverted_targets: list[Target]
    leaking: FunnelQuery
    funnel: Funnel
    calibration: CalibratedStages
    rot: Rot
    loads: list[Load]

    @property
    def currency(self) -> str:
        return self.figures.currency

    @property
    def won_share(self) -> Decimal | None:
        """Won, of the target."""
        target = self.month.target
        return self.month.figures.won / target if target else None

    @property
    def short(self) -> Decimal:
        """What is missing to the target by confidence; 0 where nothing is."""
        return max(NOTHING, -(self.month.by_confidence or NOTHING))

    @property
    def overloaded(self) -> list[Load]:
        """Those with more than their capacity, the most overloaded first."""
        return sorted((load for load in self.loads if load.over > 0), key=lambda load: -load.over)

    @property
    def full(self) -> int:
        """How many have exactly what they can take."""
        return sum(load.over == 0 for load in self.loads)


def home(user: User, query: HomeQuery) -> Home:
    """The month of the deals that this user sees."""
    figures = forecast(user, query.forecast)
    month, foreign = whole_line(user, query.forecast, figures)
    leaking = FunnelQuery(pipelines_for(user)[0], query.entered_since, cohort=Cohort.ENTERED, **query.shared)
    return Home(
        query=query,
        figures=figures,
        month=month,
        unconverted_targets=foreign,
        leaking=leaking,
        funnel=funnel(user, leaking),
        calibration=calibrated_stages(user, CalibrationQuery(leaking.pipeline, **query.shared)),
        rot=_rot(user, query),
        loads=_loads(user, query),
    )


def rotting_deals(user: User, query: HomeQuery) -> DealQuerySet:
    """The deals behind the rotting value."""
    deals = Deal.objects.visible_to(user).rotting(today()).filter(query.condition())
    return deals.with_money(organisation().currency, today())


def _rot(user: User, query: HomeQuery) -> Rot:
    deals = Deal.objects.visible_to(user).in_pipeline().filter(query.condition())
    rots = Q(rots=True)
    found = (
        deals.with_rot(today())
        .with_money(organisation().currency, today())
        .aggregate(
            deals=Count("pk", filter=rots),
            worth=Sum("converted", filter=rots),
            open_deals=Count("pk"),
            open_worth=Sum("converted"),
            unconverted=Count("pk", filter=rots & Q(converted=None, value__isnull=False)),
        )
    )
    value, open_value = (cents([found.pop(name) or NOTHING]) for name in ("worth", "open_worth"))
    return Rot(value=value, open_value=open_value, **found)


def _loads(user: User, query: HomeQuery) -> list[Load]:
    """Of the active people whose leads this user sees, whatever product line they are of."""
    people = User.objects.with_leads_in_hand().filter(
        pk__in=people_seen_by(user).values("pk"), is_active=True, capacity__isnull=False
    )
    if query.team:
        people = people.filter(team=query.team)
    if query.owner:
        people = people.filter(pk=query.owner.pk)
    return [Load(person.pk, str(person), person.open_leads, person.capacity) for person in people]
