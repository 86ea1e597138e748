"""The targets of a year as their page shows them: whose, for which months, and who may change them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from operator import attrgetter

from django.db.models import Q

from leads.formats import NONE, money
from leads.models import Team, User
from leads.organisation import organisation, today
from pipeline.actions.targets import Whose, may_set_targets
from pipeline.models import Target
from pipeline.years import TargetPeriod, periods_of_year, year_of


@dataclass(frozen=True)
class Row:
    """One line of the page: whose targets, in the order of its periods, and of the whole year."""

    whose: Whose
    depth: int  # 0 the organisation, 1 a team, 2 somebody of the team above
    amounts: list[str]
    year: str
    may_set: bool


@dataclass(frozen=True)
class Sheet:
    """The targets that a user sees of one fiscal year."""

    year: int
    periods: list[TargetPeriod]
    rows: list[Row]


def target_sheet(user: User, year: int, *, by_quarter: bool) -> Sheet:
    """Administrators see all; managers their teams' and these people's; reps their own."""
    periods = periods_of_year(year, organisation().fiscal_year_start, by_quarter=by_quarter)
    months = [month for period in periods for month in period.months]
    targets: dict[str, list[Target]] = {}
    for target in Target.objects.filter(month__in=months).select_related("team", "owner"):
        targets.setdefault(Whose(target.team, target.owner).key, []).append(target)
    rows = [
        _row(whose, depth, periods, targets.get(whose.key, []), may_set=may_set)
        for whose, depth, may_set in _lines(user)
    ]
    return Sheet(year, periods, rows)


def targets_of(whose: Whose, periods: Sequence[TargetPeriod]) -> dict[TargetPeriod, list[Target]]:
    """What is set, by period."""
    months = [month for period in periods for month in period.months]
    there = list(Target.objects.filter(team=whose.team, owner=whose.owner, month__in=months))
    return {period: [target for target in there if target.month in period.months] for period in periods}


def whose_of(user: User, key: str) -> Whose | None:
    """Whose targets a key of an address names, if this user may set them."""
    kind, _, number = key.partition("-")
    pk = int(number) if number.isascii() and number.isdecimal() and len(number) < 18 else 0
    team = Team.objects.filter(pk=pk).first() if kind == "team" else None
    owner = User.objects.filter(pk=pk).first() if kind == "person" else None
    whose = Whose(team, owner)
    return whose if whose.key == key and may_set_targets(user, whose) else None


def in_words(targets: Iterable[Target]) -> str:
    """Their sum, by currency where there are several; an en dash for none."""
    sums: dict[str, Decimal] = {}
    for target in targets:
        sums[target.currency] = sums.get(target.currency, Decimal(0)) + target.amount
    return " + ".join(money(amount, currency) for currency, amount in sorted(sums.items())) or NONE


def this_year() -> int:
    """The organisation's fiscal year of today."""
    return year_of(today(), organisation().fiscal_year_start)


def _row(whose: Whose, depth: int, periods: list[TargetPeriod], own: list[Target], *, may_set: bool) -> Row:
    amounts = [in_words(target for target in own if target.month in period.months) for period in periods]
    return Row(whose, depth, amounts, in_words(own), may_set)


def _lines(user: User) -> list[tuple[Whose, int, bool]]:
    sees_all = user.has_perm("leads.view_all_leads")
    if not sees_all and not user.has_perm("leads.view_team_leads"):
        return [(Whose(owner=user), 2, False)]
    teams = Team.objects.all() if sees_all else Team.objects.filter(managers=user)
    people = User.objects.active().filter(Q(team__in=teams) | Q(team=None) if sees_all else Q(team__in=teams))
    members: dict[int | None, list[User]] = {}
    for person in people:
        members.setdefault(person.team_id, []).append(person)
    lines = [(Whose(), 0, True)] if sees_all else []
    for team in sorted(teams, key=attrgetter("name")):
        lines.append((Whose(team), 1, True))
        lines += [(Whose(owner=person), 2, True) for person in members.get(team.pk, [])]
    return lines + [(Whose(owner=person), 2, True) for person in members.get(None, [])]
