"""Whose a lead becomes, by hand: who may give which lead to whom, and the record of it."""

from collections.abc import Iterable, Sequence

from django.utils import timezone

from config.refusals import Refusal
from leads.actions import Announcement, LeadClosed, Refused, announce_many, change_leads, raise_refused, sift
from leads.actions.audit import audited
from leads.actions.steps import existing, lock_leads
from leads.models import Lead, User
from pipeline.models import Assignment


class MayNotAssign(Refusal):
    """This lead is not this person's to give, or not to this colleague."""


@audited
def assign_leads(lead_ids: Iterable[int], *, to: User | None, by: User | None, why: str) -> list[Refused]:
    """Give leads to somebody, or to nobody; those that are theirs already are left alone."""
    ids = list(lead_ids)
    leads = lock_leads(ids)
    may_receive = _may_receive(to, by)
    visible = _visible(ids, by)

    def judge(lead_id: int) -> Lead:
        lead = existing(leads, lead_id)
        check_giving(lead, to=to, by=by, is_visible=lead_id in visible)
        if not may_receive:
            raise MayNotAssign(f"{lead} cannot go to {to}: choose yourself, or somebody of your team.")
        return lead

    given, refused = sift(ids, judge)
    _give([lead for lead in given if lead.owner_id != _id(to)], to=to, by=by, why=why)
    return refused


def assign_lead(lead: Lead, *, to: User | None, by: User | None, why: str) -> Lead:
    """Give one lead; raises the refusal."""
    raise_refused(assign_leads([lead.pk], to=to, by=by, why=why))
    return Lead.objects.select_related("owner").get(pk=lead.pk)


def check_giving(lead: Lead, *, to: User | None, by: User | None, is_visible: bool) -> None:
    """Refuse closed leads, others' leads, and a rep who gives away what is nobody's."""
    if not is_visible:
        raise MayNotAssign(f"{lead} is not yours to give.")
    if lead.is_closed:
        raise LeadClosed(f"{lead} is already {lead.get_outcome_display().lower()}, so it keeps its owner.")
    if by and lead.owner_id is None and to != by and not by.has_perm("leads.assign_leads"):
        raise MayNotAssign(f"{lead} belongs to nobody: you can take it, but not give it.")


def _may_receive(to: User | None, by: User | None) -> bool:
    if to is None:
        return True
    people = User.objects.assignable_by(by) if by else User.objects.active()
    may_receive: bool = people.filter(pk=to.pk).exists()
    return may_receive


def _visible(ids: Iterable[int], by: User | None) -> set[int]:
    leads = Lead.objects.visible_to(by) if by else Lead.objects.all()
    return set(leads.filter(pk__in=ids).values_list("pk", flat=True))


def _give(leads: Sequence[Lead], *, to: User | None, by: User | None, why: str) -> None:
    now = timezone.now()
    Assignment.objects.bulk_create(
        Assignment(lead=lead, before_id=lead.owner_id, after=to, why=why, by=by, at=now) for lead in leads
    )
    change_leads({lead.pk: {"owner_id": _id(to)} for lead in leads}, by=by)
    if to and to != by:
        by_whom: dict[str, object] = {"by": str(by or "Plumbline")}
        announce_many([Announcement("lead_assigned", lead.pk, by_whom) for lead in leads])


def _id(user: User | None) -> int | None:
    return user.pk if user else None
