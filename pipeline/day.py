"""What somebody has to do today: tasks, new hot leads, deals that rot, leads without a next step."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.utils import timezone

from leads.models import Lead, Task, User
from leads.querysets import LeadQuerySet
from pipeline.models import Deal
from scoring.models import Band, BandCrossing, Lane

AHEAD = timedelta(days=7)  # tasks shown beforehand
FRESH = timedelta(days=7)  # a rise is news for so long
MOST_TASKS = 200
MOST_LEADS = 10


@dataclass(frozen=True, slots=True)
class Tasks:
    """Open tasks under one heading, the earliest first; `tone` is how their days are drawn."""

    name: str
    rows: list[Task]
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Pile:
    """Leads that wait for the same thing: the best-scored of them, how many there are, where all stand."""

    name: str
    why: str
    rows: list[Lead]
    count: int
    query: str

    @property
    def left(self) -> int:
        return self.count - len(self.rows)


@dataclass(frozen=True, slots=True)
class Day:
    tasks: list[Tasks]
    piles: list[Pile]

    @property
    def is_clear(self) -> bool:
        return not any(group.rows for group in self.tasks) and not any(pile.rows for pile in self.piles)


def day_of(user: User, today: date) -> Day:
    """The user's own day, whatever else they may see; seven queries."""
    mine = Lead.objects.visible_to(user).open().filter(owner=user)
    return Day(_tasks(user, today), [_hot(mine), _rotting(mine, today), _idle(mine)])


def without_next_step(leads: LeadQuerySet) -> LeadQuerySet:
    """Those that are worked, with nothing planned."""
    return leads.in_pipeline().filter(~Exists(_open_tasks()))


def overdue(leads: LeadQuerySet, today: date) -> LeadQuerySet:
    """Those with a task whose day has passed."""
    return leads.open().filter(Exists(_open_tasks().filter(due_on__lt=today)))


def rotting(leads: LeadQuerySet, today: date) -> LeadQuerySet:
    """Those whose deal stands in its stage for longer than the stage allows."""
    return leads.in_pipeline().filter(deal__in=Deal.objects.rotting(today))


def newly_hot(leads: LeadQuerySet) -> LeadQuerySet:
    """Those that rose into a band of personal attention and were not contacted since."""
    rises = BandCrossing.objects.filter(lead=OuterRef("pk"), after=OuterRef("score__band")).order_by("-at")
    risen = leads.in_triage().filter(score__band__lane=Lane.PERSONAL, score__band__order=_best_order())
    fresh = risen.annotate(risen_at=Subquery(rises.values("at")[:1]))
    return fresh.filter(
        Q(last_contact_at=None) | Q(last_contact_at__lt=F("risen_at")), risen_at__gte=timezone.now() - FRESH
    )


def _best_order() -> Subquery:
    return Subquery(Band.objects.order_by("order").values("order")[:1])


def _open_tasks() -> Any:
    return Task.objects.open().filter(lead=OuterRef("pk"))


def _tasks(user: User, today: date) -> list[Tasks]:
    due = Task.objects.waiting_for(user).filter(due_on__lte=today + AHEAD)
    rows = list(due.with_leads()[:MOST_TASKS])
    return [
        Tasks("Overdue", [task for task in rows if task.due_on < today], "danger"),
        Tasks("Today", [task for task in rows if task.due_on == today], "caution"),
        Tasks("Next seven days", [task for task in rows if task.due_on > today]),
    ]


def _hot(mine: LeadQuerySet) -> Pile:
    why = "Rose into the best band this week, and nobody has been in touch since."
    return _pile("New hot leads", why, newly_hot(mine), "?owner=me&needs=first_contact")


def _rotting(mine: LeadQuerySet, today: date) -> Pile:
    why = "In their stage for longer than it allows."
    return _pile("Deals that rot", why, rotting(mine, today), "?owner=me&needs=move")


def _idle(mine: LeadQuerySet) -> Pile:
    why = "Worked, with nothing planned."
    return _pile("Leads without a next step", why, without_next_step(mine), "?owner=me&needs=next_step")


def _pile(name: str, why: str, leads: LeadQuerySet, query: str) -> Pile:
    shown = leads.with_names().select_related("company", "score__band", "deal__stage")
    rows = list(shown.order_by(F("score__total").desc(nulls_last=True), "pk")[: MOST_LEADS + 1])
    count = leads.count() if len(rows) > MOST_LEADS else len(rows)
    return Pile(name, why, rows[:MOST_LEADS], count, query)
