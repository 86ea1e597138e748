"""Targets set for months, a figure for several months spread over those that are not past."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from config.refusals import Refusal
from leads.actions.audit import audited
from leads.models import Team, User
from leads.organisation import organisation, today
from pipeline.models import ExchangeRate, Target
from pipeline.years import spread

LIMIT = Decimal(10) ** 12
CENT = Decimal("0.01")


class TargetWrong(Refusal):
    """An amount, currency or month that a target cannot have."""


class MonthLocked(Refusal):
    """The month is over, so its target stays."""


class NotYourTarget(Refusal):
    """Only a team's manager or an administrator sets its targets."""


@dataclass(frozen=True)
class Whose:
    """Whose target: a team's, a person's, or with neither the organisation's."""

    team: Team | None = None
    owner: User | None = None

    def __str__(self) -> str:
        return str(self.team or self.owner or organisation().name)

    @property
    def key(self) -> str:
        """As it stands in addresses."""
        if self.team:
            return f"team-{self.team.pk}"
        return f"person-{self.owner.pk}" if self.owner else "organisation"


@dataclass(frozen=True)
class Wanted:
    """An amount for some months together, by their first days; None for no target."""

    months: tuple[date, ...]
    amount: Decimal | None


@audited
def set_targets(rows: Sequence[Wanted], *, whose: Whose, currency: str, by: User | None) -> int:
    """Set them all, or none and raise the refusal; answers how many months changed.

    Months that are past keep what they have. The rest of the amount is spread evenly over the others.
    """
    if by is not None and not may_set_targets(by, whose):
        raise NotYourTarget(f"Targets of {whose} are set by managers of the team and by administrators.")
    _check(rows, currency)
    months = [month for row in rows for month in row.months]
    # The lock of the months that are there; of two who add the same month, the later one's amount stays.
    known = {
        target.month: target
        for target in Target.objects.select_for_update().filter(
            team=whose.team, owner=whose.owner, month__in=months
        )
    }
    wanted = {month: amount for row in rows for month, amount in _by_month(row, known, currency).items()}
    return _write(wanted, known, whose, currency)


def may_set_targets(user: User, whose: Whose) -> bool:
    """Administrators all; managers those of their teams and of the people in them."""
    if user.has_perm("leads.view_all_leads"):
        return True
    team = whose.team.pk if whose.team else whose.owner.team_id if whose.owner else None
    if team is None or not user.has_perm("leads.view_team_leads"):
        return False
    return Team.objects.filter(pk=team, managers=user).exists()


def _check(rows: Sequence[Wanted], currency: str) -> None:
    counted = Counter(month for row in rows for month in row.months)
    if doubled := [month for month, number in counted.items() if number > 1]:
        raise TargetWrong(f"{doubled[0]:%B %Y} is given more than once.")
    if odd := [month for month in counted if month.day != 1]:
        raise TargetWrong(f"A target is for a whole month, not from {odd[0]:%d %b %Y}.")
    for row in rows:
        if row.amount is not None and not (row.amount.is_finite() and 0 <= row.amount < LIMIT):
            raise TargetWrong("A target is between 0 and a million millions.")
    if (
        currency != organisation().currency
        and not ExchangeRate.objects.filter(currency=currency[:3]).exists()
    ):
        raise TargetWrong(f"There is no exchange rate for “{currency[:10]}”. Choose a currency that has one.")


def _by_month(row: Wanted, known: Mapping[date, Target], currency: str) -> dict[date, Decimal | None]:
    """What each month gets; nothing where the row says what is already there."""
    there = [known[month] for month in row.months if month in known]
    amount = row.amount if row.amount is None else row.amount.quantize(CENT, ROUND_HALF_UP)
    if _is_unchanged(there, amount, currency):
        return {}
    first_open = today().replace(day=1)
    past = [target for target in there if target.month < first_open]
    to_come = [month for month in row.months if month >= first_open]
    if not to_come:
        raise MonthLocked(f"{row.months[-1]:%B %Y} is over, so its target stays as it was.")
    if amount is None:
        return dict.fromkeys(to_come)
    return dict(spread(amount - _held(past, amount, currency), to_come))


def _is_unchanged(there: Sequence[Target], amount: Decimal | None, currency: str) -> bool:
    if not there or amount is None:
        return not there and amount is None
    return {target.currency for target in there} == {currency} and _sum(there) == amount


def _held(past: Sequence[Target], amount: Decimal, currency: str) -> Decimal:
    """What past months keep of an amount."""
    if foreign := [target for target in past if target.currency != currency]:
        month, own = foreign[0].month, foreign[0].currency
        raise TargetWrong(f"{month:%B %Y} is over and has its target in {own}. Use that currency.")
    if _sum(past) > amount:
        raise TargetWrong(f"Months that are over already have more than {amount:,} together.")
    return _sum(past)


def _sum(targets: Iterable[Target]) -> Decimal:
    return sum((target.amount for target in targets), Decimal(0))


def _write(
    wanted: Mapping[date, Decimal | None], known: Mapping[date, Target], whose: Whose, currency: str
) -> int:
    removed = [known[month].pk for month, amount in wanted.items() if amount is None and month in known]
    rows = [
        Target(month=month, team=whose.team, owner=whose.owner, amount=amount, currency=currency)
        for month, amount in wanted.items()
        if amount is not None and not _is_unchanged(_one(known.get(month)), amount, currency)
    ]
    Target.objects.filter(pk__in=removed).delete()
    Target.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["month", "team", "owner"],
        update_fields=["amount", "currency"],
    )
    return len(removed) + len(rows)


def _one(target: Target | None) -> list[Target]:
    return [target] if target else []
