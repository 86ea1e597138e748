"""Whose a lead becomes: who may give which lead to whom, and the record of it."""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.utils import timezone

from config.refusals import Refusal
from leads.actions import (
    UNSET,
    Announcement,
    LeadClosed,
    Refused,
    Unset,
    announce_many,
    raise_refused,
    sift,
    store_owners,
)
from leads.actions.audit import audited
from leads.actions.steps import existing, lock_leads
from leads.models import Lead, User
from pipeline.actions.stopping import stop_programmes
from pipeline.models import How, RoutingWait

RECORDED = {
    # fields of Giving, called so in the table of assignments too: the column's type
    "lead_id": "bigint",
    "before_id": "bigint",
    "after_id": "bigint",
    "second_id": "bigint",
    "why": "varchar",
    "how": "varchar",
    "pool_id": "bigint",
    "band_id": "smallint",
    "circle_id": "bigint",
    "takeover_id": "bigint",
}
FEW = 3  # so many leads at once are told one by one


class MayNotAssign(Refusal):
    """This lead is not this person's to give, or not to this colleague."""


@dataclass(frozen=True, slots=True)
class Giving:
    """A locked lead changes hands, from whom to whom and why; ids, or None for nobody."""

    lead_id: int
    before_id: int | None
    after_id: int | None
    why: str
    how: str = How.HAND
    second_id: int | None = None
    second_before_id: int | None = None
    pool_id: int | None = None
    band_id: int | None = None
    circle_id: int | None = None
    takeover_id: int | None = None

    @property
    def changes(self) -> bool:
        """Whether anything is to be written at all."""
        return (self.before_id, self.second_before_id) != (self.after_id, self.second_id)


@audited
def assign_leads(
    lead_ids: Iterable[int],
    *,
    to: User | None,
    by: User | None,
    why: str,
    second: User | Unset | None = UNSET,
    how: str = How.HAND,
    takeover_id: int | None = None,
) -> list[Refused]:
    """Give leads to somebody, or to nobody; those that are theirs already are left alone.

    The second person stays unless another one, or None, is given.
    """
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
    givings = [_giving(lead, to, second, why=why, how=how, takeover_id=takeover_id) for lead in given]
    changed = [row for row in givings if row.changes]
    give_leads(changed, by=by, at=timezone.now())
    stop_programmes([row.lead_id for row in changed if row.after_id], why="A rep has it now")
    return refused


def _giving(
    lead: Lead, to: User | None, second: User | Unset | None, *, why: str, how: str, takeover_id: int | None
) -> Giving:
    second_id = lead.second_id if second is UNSET else _id(second)
    return Giving(
        lead.pk,
        lead.owner_id,
        _id(to),
        why,
        how,
        second_id=second_id,
        second_before_id=lead.second_id,
        takeover_id=takeover_id,
    )


def assign_lead(
    lead: Lead, *, to: User | None, by: User | None, why: str, second: User | Unset | None = UNSET
) -> Lead:
    """Give one lead; raises the refusal."""
    raise_refused(assign_leads([lead.pk], to=to, by=by, why=why, second=second))
    return Lead.objects.select_related("owner").get(pk=lead.pk)


def check_giving(lead: Lead, *, to: User | None, by: User | None, is_visible: bool) -> None:
    """Refuse closed leads, others' leads, and a rep who gives away what is nobody's."""
    if not is_visible:
        raise MayNotAssign(f"{lead} is not yours to give.")
    if lead.is_closed:
        raise LeadClosed(f"{lead} is already {lead.get_outcome_display().lower()}, so it keeps its owner.")
    if by and lead.owner_id is None and to != by and not by.has_perm("leads.assign_leads"):
        raise MayNotAssign(f"{lead} belongs to nobody: you can take it, but not give it.")


def give_leads(givings: Sequence[Giving], *, by: User | None, at: datetime, quietly: bool = False) -> None:
    """Write what was decided about locked leads: owners, record, and, unless quietly, news for the receivers.

    Whoever has a lead now ends its waiting.
    """
    if not givings:
        return
    _record(givings, by, at)
    store_owners({row.lead_id: (row.after_id, row.second_id) for row in givings}, by=by)
    owned = [row.lead_id for row in givings if row.after_id]
    RoutingWait.objects.filter(lead__in=owned).delete()
    if not quietly:
        announce_many(list(_announcements(givings, by)))


def _record(givings: Sequence[Giving], by: User | None, at: datetime) -> None:
    """One statement from one text: making as many rows in Python takes longer than all else in routing."""
    columns = ", ".join(f"{name} {kind}" for name, kind in RECORDED.items())
    rows = [{name: getattr(row, name) for name in RECORDED} for row in givings]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO pipeline_assignment (by_id, at, {', '.join(RECORDED)}) "  # noqa: S608 (names of ours)
            f"SELECT %s, %s, given.* FROM json_to_recordset(%s) AS given ({columns})",
            [_id(by), at, json.dumps(rows)],
        )


def _announcements(givings: Sequence[Giving], by: User | None) -> Iterable[Announcement]:
    """Few leads one by one, many at once in one sentence; nobody is told what they did themselves."""
    told = [row for row in givings if row.after_id not in (None, _id(by), row.before_id)]
    many = {user_id: n for user_id, n in Counter(row.after_id for row in told).items() if n > FEW}
    by_whom = str(by or "Plumbline")
    for row in told:
        if row.after_id not in many:
            yield Announcement("lead_assigned", row.lead_id, {"by": by_whom, "why": row.why})
    for user_id, number in many.items():
        yield Announcement("leads_assigned", None, {"by": by_whom, "user": user_id, "number": number})
    for row in givings:
        if row.second_id not in (None, _id(by), row.second_before_id):
            yield Announcement("lead_seconded", row.lead_id, {"user": row.second_id, "by": by_whom})


def _may_receive(to: User | None, by: User | None) -> bool:
    if to is None:
        return True
    people = User.objects.assignable_by(by) if by else User.objects.active()
    may_receive: bool = people.filter(pk=to.pk).exists()
    return may_receive


def _visible(ids: Iterable[int], by: User | None) -> set[int]:
    leads = Lead.objects.visible_to(by) if by else Lead.objects.all()
    return set(leads.filter(pk__in=ids).values_list("pk", flat=True))


def _id(user: User | None) -> int | None:
    return user.pk if user else None
