"""What was read with a lead, put into the shapes of its page; no query."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

from leads.models import Lead
from leads.models.leads import ContactRole, Status
from leads.organisation import local_date
from pipeline.bands import BandStart
from pipeline.confidence import Line, total
from pipeline.leadpage.ownership import ownership_of
from pipeline.leadpage.shapes import ConfidenceView, LeadView, Person, Remark, StageStep, TaskLine
from pipeline.models import Deal
from pipeline.models.deals import ConfidenceSource
from pipeline.nextstep import Facts, next_step
from pipeline.raising import Raise, raises
from pipeline.requirements import in_words, read_lacking
from scoring.models import ScoreState

ASKED = {
    "demo_request": "A demo was asked for",
    "trial_request": "A trial was asked for",
    "contact_request": "A call back was asked for",
    "email_reply": "An e-mail was answered",
}
FAR_APART = 20  # points between a value set by hand and the automatic one


def view_of(lead: Lead, today: date) -> LeadView:
    """A lead of `lead_to_view` as its page shows it."""
    read: Any = lead  # with what `lead_to_view` annotates
    tasks = [_task(row, today) for row in read.task_rows]
    days = (today - local_date(lead.deal.stage_entered_at)).days if lead.deal.stage_entered_at else None
    return LeadView(
        lead=lead,
        is_pending=read.is_pending,
        next_step=next_step(_facts(read, tasks, days, today)),
        bands=[BandStart(**row) for row in read.band_rows],
        change=_change(read),
        people=[_person(row) for row in read.people_rows],
        tasks=tasks,
        stages=_stages(read),
        confidence=_confidence(read),
        days_in_stage=days,
        is_rotting=is_rotting(lead, days),
        attributes=list(_attributes(read)),
        ownership=ownership_of(read),
        remarks=[Remark(**row | {"by": row["by"] or ""}) for row in read.comment_rows],
    )


def _stages(read: Any) -> list[StageStep]:
    here = read.deal.stage_id
    return [
        StageStep(row["pk"], row["name"], row["confidence"], row["pk"] == here) for row in read.stage_rows
    ]


def is_rotting(lead: Lead, days_in_stage: int | None) -> bool:
    """An open deal that stands longer in its stage than the stage allows."""
    limit = lead.deal.stage.rot_days
    return not lead.is_closed and limit is not None and (days_in_stage or 0) > limit


def _change(read: Any) -> int | None:
    """Points won or lost in a week."""
    known = read.total_before is not None and read.score.total is not None
    return read.score.total - read.total_before if known else None


def _attributes(read: Any) -> Iterator[tuple[str, object]]:
    """What the custom fields say, by their labels."""
    for row in read.field_rows:
        if row["key"] in read.attributes:
            value = read.attributes[row["key"]]
            yield row["label"], ("No", "Yes")[value] if isinstance(value, bool) else value


def _person(row: dict[str, Any]) -> Person:
    name = f"{row['first_name']} {row['last_name']}".strip() or row["email"] or f"Contact {row['contact']}"
    return Person(
        contact=row["contact"],
        name=name,
        title=row["title"],
        email=row["email"],
        phone=row["phone"],
        role=str(ContactRole(row["role"]).label) if row["role"] else "",
        is_first=row["is_first"],
        may_be_contacted=not row["do_not_contact"],
    )


def _task(row: dict[str, Any], today: date) -> TaskLine:
    due_on = date.fromisoformat(row["due_on"])
    is_done = row["done_at"] is not None
    urgency = "done" if is_done else "late" if due_on < today else "today" if due_on == today else "later"
    return TaskLine(
        row["pk"], row["title"], due_on, is_done, urgency, row["assignee"] or "", row["outcome"] or ""
    )


def _confidence(read: Any) -> ConfidenceView:
    deal, is_set = read.deal, read.deal.confidence_source != ConfidenceSource.AUTOMATIC
    lines = [Line(**line) for line in read.confidence_row["lines"]] if read.confidence_row else []
    if total(lines) != deal.automatic_confidence:  # nothing has changed it since birth or import
        lines = [Line("base", f"Stage: {deal.stage.name}", deal.automatic_confidence)]
    change: dict[str, Any] = read.set_row if is_set and read.set_row else {}
    return ConfidenceView(
        lines=lines,
        by=change.get("by") or "",
        at=datetime.fromisoformat(change["at"]) if change else None,
        reason=change.get("reason", ""),
        raises=_raises(read, lines),
        hint=_hint(deal),
    )


def _hint(deal: Deal) -> str:
    """What is said where somebody's value and the automatic one lie far apart."""
    apart = deal.confidence - deal.automatic_confidence
    if deal.confidence_source == ConfidenceSource.AUTOMATIC or abs(apart) <= FAR_APART:
        return ""
    side = "above" if apart > 0 else "below"
    return f"{abs(apart)} points {side} what stage, activities and answers say. Is it still right?"


def _raises(read: Any, lines: Sequence[Line]) -> list[Raise]:
    here, lacking = read.deal.stage, read_lacking(read.lacking_rows)
    stages = [
        {
            **row,
            "needs": in_words(asked for asked in lacking if here.order < asked.order <= row["order"]),
        }
        for row in read.stage_rows
    ]
    return raises(lines, stages=stages, here=here.pk, keys=read.key_rows, answers=read.answer_rows)


def _facts(read: Any, tasks: list[TaskLine], days_in_stage: int | None, today: date) -> Facts:
    deal, request = read.deal, read.request
    task = next((task for task in tasks if not task.is_done), None)
    return Facts(
        today=today,
        outcome=read.outcome,
        status=read.status,
        closed_on=read.closed_on,
        lost_reason=deal.lost_reason.name if deal.lost_reason else "",
        is_excluded=read.score.state == ScoreState.EXCLUDED,
        has_owner=read.owner_id is not None,
        lane=read.score.band.lane if read.score.band else "",
        asked=ASKED[request["kind"]] if request else "",
        asked_on=date.fromisoformat(request["on"]) if request else None,
        task=task.title if task else "",
        task_due_on=task.due_on if task else None,
        expected_close_on=None if read.status == Status.NEW else deal.expected_close_on,
        stage=deal.stage.name,
        days_in_stage=days_in_stage,
        rot_days=deal.stage.rot_days,
        last_contact_on=local_date(read.last_contact_at) if read.last_contact_at else None,
        returns_on=read.returns_on,
    )
