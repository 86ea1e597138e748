"""A colleague's leads in other hands while they are away, and back again."""

from django.utils import timezone

from config.refusals import Refusal
from leads.actions.audit import audited
from leads.models import Absence, Lead, User
from leads.organisation import today
from pipeline.actions.assignments import Giving, give_leads
from pipeline.actions.routing import queue_routing
from pipeline.models import How, Takeover


class MayNotTakeOver(Refusal):
    """These leads are not for this person to take, or not for that one to get."""


class NothingToTakeOver(Refusal):
    """The colleague has no open leads."""


class GivenBackAlready(Refusal):
    """The leads have been given back before."""


def may_stand_in(colleague: User, by: User) -> bool:
    """Managers may always give their people's leads to others; reps take over from an absent team mate."""
    if not User.objects.colleagues_of(by).filter(pk=colleague.pk).exists():
        return False
    if by.has_perm("leads.assign_leads"):
        return True
    return colleague != by and (not colleague.is_active or is_absent(colleague))


def is_absent(user: User) -> bool:
    day = today()
    return Absence.objects.filter(user=user, starts_on__lte=day, ends_on__gte=day).exists()


@audited
def take_over_leads(colleague: User, *, to: User, by: User, note: str = "") -> Takeover:
    """Give all open leads of a colleague to somebody, until they are given back."""
    _check_stand_in(colleague, by)
    if to == colleague or not _may_get(to, by):
        raise MayNotTakeOver(f"The leads of {colleague} cannot go to {to}.")
    leads = _open_leads(colleague)
    now = timezone.now()
    takeover = Takeover.objects.create(colleague=colleague, substitute=to, note=note, by=by, at=now)
    why = f"In place of {colleague}{f': {note}' if note else ''}"
    givings = [_giving(lead, to, why, How.TAKEN_OVER, takeover) for lead in leads]
    give_leads(givings, by=by, at=now)
    return takeover


@audited
def give_back_leads(takeover: Takeover, *, by: User) -> int:
    """Return what is still open and in the substitute's hands; answers how many leads."""
    takeover = (
        Takeover.objects.select_for_update().select_related("colleague", "substitute").get(pk=takeover.pk)
    )
    if takeover.ended_at:
        raise GivenBackAlready("These leads have been given back already.")
    colleague, substitute = takeover.colleague, takeover.substitute
    if by not in (colleague, substitute) and not _may_manage(colleague, by):
        raise MayNotTakeOver(f"The leads of {colleague} are not yours to give back.")
    if not colleague.is_active:
        raise MayNotTakeOver(f"{colleague} is deactivated and cannot get leads back.")
    taken = Lead.objects.filter(assignments__takeover=takeover).values("pk")
    leads = Lead.objects.open().filter(owner=substitute).locked(taken.values_list("pk", flat=True))
    why = f"Back from {substitute}"
    now = timezone.now()
    givings = [_giving(lead, colleague, why, How.GIVEN_BACK, takeover) for lead in leads]
    give_leads(givings, by=by, at=now)
    takeover.ended_at, takeover.ended_by = now, by
    takeover.save(update_fields=["ended_at", "ended_by"])
    return len(givings)


@audited
def release_to_routing(colleague: User, *, by: User) -> int:
    """Take all open leads from somebody for good, and have them routed anew; answers how many."""
    if not _may_manage(colleague, by):
        raise MayNotTakeOver(f"The leads of {colleague} are not yours to give away.")
    leads = _open_leads(colleague)
    why = f"{colleague} cannot work it any more, so it is routed anew"
    give_leads([_giving(lead, None, why, How.HAND, None) for lead in leads], by=by, at=timezone.now())
    return queue_routing([lead.pk for lead in leads])


def _open_leads(user: User) -> list[Lead]:
    ids = Lead.objects.open().filter(owner=user).values_list("pk", flat=True)
    leads = list(Lead.objects.open().filter(owner=user).locked(ids))
    if not leads:
        raise NothingToTakeOver(f"{user} has no open leads.")
    return leads


def _giving(lead: Lead, to: User | None, why: str, how: str, takeover: Takeover | None) -> Giving:
    return Giving(
        lead.pk,
        lead.owner_id,
        to.pk if to else None,
        why,
        how,
        second_id=lead.second_id,
        second_before_id=lead.second_id,
        takeover_id=takeover.pk if takeover else None,
    )


def _check_stand_in(colleague: User, by: User) -> None:
    if not may_stand_in(colleague, by):
        raise MayNotTakeOver(f"{colleague} is here, and works these leads. Ask your manager.")


def _may_get(to: User, by: User) -> bool:
    """A manager chooses among their people; a rep takes leads over in person."""
    if not by.has_perm("leads.assign_leads"):
        return to == by
    may: bool = User.objects.assignable_by(by).filter(pk=to.pk).exists()
    return may


def _may_manage(colleague: User, by: User) -> bool:
    return (
        by.has_perm("leads.assign_leads") and User.objects.colleagues_of(by).filter(pk=colleague.pk).exists()
    )
