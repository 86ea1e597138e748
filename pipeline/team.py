"""The people somebody works with: who is there, what they have in hand, whose leads are in other hands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Prefetch, Q, QuerySet

from leads.formats import short_date
from leads.models import Absence, Lead, User, Weekday
from leads.organisation import today
from pipeline.models import RoutingWait, Takeover
from pipeline.routing import read_reps
from pipeline.turns import Rep

SHORT = {day.value: str(day.label)[:3] for day in Weekday}
WAITING_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Colleague:
    """One row of the team page; `leads` counts all open ones, `rep` those that are worked now."""

    user: User
    rep: Rep
    leads: int
    now: str
    tone: str
    days: str
    next_absence: str
    may_arrange: bool
    may_take_over: bool


@dataclass(frozen=True, slots=True)
class StandIn:
    """A takeover that lasts, and how many of its leads the substitute still has."""

    takeover: Takeover
    substitute: str
    leads: int


def colleagues(user: User) -> list[Colleague]:
    """Active people, and those who still have leads; the same number of queries for any number of them."""
    people = list(
        User.objects.colleagues_of(user)
        .annotate(held=Count("leads", filter=Q(leads__outcome="open"), distinct=True))
        .filter(Q(is_active=True) | Q(held__gt=0))
        .order_by("-is_active", "first_name", "last_name", "username")
    )
    day = today()
    reps = read_reps([person.pk for person in people], day)
    absences: dict[int, list[Absence]] = {}
    for absence in Absence.objects.filter(user__in=people, ends_on__gte=day).order_by("starts_on"):
        absences.setdefault(absence.user_id, []).append(absence)
    manages = user.has_perm("leads.assign_leads")
    return [
        _colleague(person, user, manages, reps[person.pk], absences.get(person.pk, [])) for person in people
    ]


def stand_ins(user: User) -> list[StandIn]:
    """Takeovers that last, of the people this user works with."""
    people = User.objects.colleagues_of(user).values("pk")
    lasting = Takeover.objects.filter(ended_at=None).filter(
        Q(colleague__in=people) | Q(substitute__in=people)
    )
    rows = list(lasting.select_related("colleague", "substitute"))
    held = (
        Lead.objects.open()
        .filter(assignments__takeover__in=rows)
        .values_list("assignments__takeover", "owner")
        .annotate(n=Count("pk", distinct=True))
    )
    numbers = {(takeover_id, owner_id): n for takeover_id, owner_id, n in held}
    return [StandIn(row, str(row.substitute), numbers.get((row.pk, row.substitute_id), 0)) for row in rows]


def waiting_leads(user: User) -> QuerySet[RoutingWait]:
    """Leads that nobody could take, as far as this user may see them, the longest first."""
    visible = Lead.objects.visible_to(user).with_names()
    waits = RoutingWait.objects.filter(lead__in=Lead.objects.visible_to(user).open())
    return waits.prefetch_related(Prefetch("lead", visible)).order_by("since")[:WAITING_SHOWN]


def weekdays(days: Iterable[int]) -> str:
    """Mon–Fri, or Mon, Wed; every day when none is chosen."""
    chosen = sorted(days)
    if not chosen or len(chosen) == len(SHORT):
        return "Every day"
    if len(chosen) > 2 and chosen == list(range(chosen[0], chosen[-1] + 1)):
        return f"{SHORT[chosen[0]]}–{SHORT[chosen[-1]]}"
    return ", ".join(SHORT[day] for day in chosen)


def _colleague(person: User, user: User, manages: bool, rep: Rep, absences: list[Absence]) -> Colleague:
    current = next((absence for absence in absences if absence.starts_on <= today()), None)
    later = next((absence for absence in absences if absence.starts_on > today()), None)
    now = rep.hindrance.capitalize() or "Here"
    if current and rep.is_active:
        now = f"Absent until {short_date(current.ends_on, today())}"
    is_away = not rep.is_active or rep.is_absent
    return Colleague(
        user=person,
        rep=rep,
        leads=person.held,  # type: ignore[attr-defined]
        now=now,
        tone="danger" if not rep.is_active else "caution" if rep.hindrance else "",
        days=weekdays(person.working_days),
        next_absence=_span(later) if later else "",
        may_arrange=manages or person == user,
        may_take_over=bool(person.held) and (manages or (is_away and person != user)),  # type: ignore[attr-defined]
    )


def _span(absence: Absence) -> str:
    day: date = today()
    return f"{short_date(absence.starts_on, day)} – {short_date(absence.ends_on, day)}"
