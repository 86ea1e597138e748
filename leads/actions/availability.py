"""When somebody works, how much, and on which days not."""

from collections.abc import Iterable
from datetime import date

from config.refusals import Refusal
from leads.actions.audit import audited
from leads.models import Absence, User


class NotTheirs(Refusal):
    """This person's days are not for this one to change."""


class AbsenceWrong(Refusal):
    """An absence that ends before it begins, or is over."""


@audited
def set_working_days(user: User, days: Iterable[int], *, by: User) -> User:
    """The weekdays, as `date.isoweekday()` counts, on which somebody gets new leads; none: every day."""
    check_colleague(user, by=by)
    user.working_days = sorted(set(days))
    user.save(update_fields=["working_days"])
    return user


@audited
def set_capacity(user: User, capacity: int | None, *, by: User) -> User:
    """How many open leads somebody can have at once; None for no limit. Managers decide it."""
    check_colleague(user, by=by)
    if not may_set_capacity(by):
        raise NotTheirs("How many leads somebody can have is for their manager to say.")
    user.capacity = capacity
    user.save(update_fields=["capacity"])
    return user


@audited
def add_absence(user: User, starts_on: date, ends_on: date, *, by: User) -> Absence:
    """Days, both included, on which somebody gets no leads."""
    check_colleague(user, by=by)
    if ends_on < starts_on:
        raise AbsenceWrong("An absence cannot end before it starts.")
    return Absence.objects.create(user=user, starts_on=starts_on, ends_on=ends_on)


@audited
def remove_absence(absence: Absence, *, by: User) -> None:
    """Somebody is there after all."""
    check_colleague(absence.user, by=by)
    absence.delete()


def may_set_capacity(by: User) -> bool:
    return by.has_perm("leads.assign_leads")


def may_arrange(user: User, by: User) -> bool:
    """Everybody arranges their own days; who may assign leads, those of their people too."""
    if user == by:
        return True
    colleagues = User.objects.colleagues_of(by)
    return by.has_perm("leads.assign_leads") and colleagues.filter(pk=user.pk).exists()


def check_colleague(user: User, *, by: User) -> None:
    """Refuse somebody else's days."""
    if not may_arrange(user, by):
        raise NotTheirs(f"The days of {user} are not yours to arrange.")
