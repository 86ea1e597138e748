"""Leads go through programmes: they enter, step by step something is done, until the end or an answer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from config.refusals import Refusal
from leads.actions import Announcement, NewStatus, NewTask, add_tasks, announce_many, set_statuses, store
from leads.actions.audit import audited
from leads.models import Contact, Lead, LeadContact, User
from leads.models.leads import Status
from leads.models.people import Consent
from leads.organisation import local_date, organisation
from leads.unsubscribing import unsubscribe_address
from pipeline.actions.stopping import stop_programmes
from pipeline.lanes import Choice
from pipeline.letters import Letter, write_letter
from pipeline.models import Enrolment, EnrolmentState, NurtureEvent, NurtureStep, StepKind
from pipeline.routing import Candidate
from scoring.models import ScoreState

BATCH = 200  # leads in one transaction
CUT = 250  # characters of an event


class NoProgramme(Refusal):
    """The lead goes through no programme."""


@dataclass(slots=True)
class Effects:
    """What a batch of steps does to the world."""

    letters: list[Announcement] = field(default_factory=list)
    tasks: list[NewTask] = field(default_factory=list)
    events: list[NurtureEvent] = field(default_factory=list)


def mailable() -> Q:
    """The condition that a contact may be written to."""
    refuses = Q(do_not_contact=True) | Q(unsubscribed_at__isnull=False) | Q(consent=Consent.WITHDRAWN)
    return ~Q(email="") & ~refuses


def enrol(pairs: Sequence[tuple[Candidate, Choice]], *, by: User | None, at: datetime) -> None:
    """Let locked leads go through a programme, each at most once, and one programme at a time."""
    taken = Enrolment.objects.filter(lead__in=[lead.lead_id for lead, _ in pairs])
    history: dict[int, set[int | None]] = defaultdict(set)
    for lead_id, programme_id, state in taken.values_list("lead", "programme", "state"):
        history[lead_id] |= {programme_id, None} if state == EnrolmentState.RUNNING else {programme_id}
    new = [(lead, choice) for lead, choice in pairs if not {None, choice.number} & history[lead.lead_id]]
    rows = Enrolment.objects.bulk_create(
        Enrolment(
            lead_id=lead.lead_id,
            programme_id=choice.number,
            band_id=lead.facts.band_id,
            why=f"{lead.band}: no rep, but the programme {choice.name}",
            due_at=at,
            started_at=at,
        )
        for lead, choice in new
    )
    NurtureEvent.objects.bulk_create(
        _event(row, f"Programme begun: {choice.name}", lead.band, at)
        for row, (lead, choice) in zip(rows, new, strict=True)
    )
    resting = [
        NewStatus(lead.lead_id, Status.NURTURING, reason=f"{lead.band}: {choice.name}"[:100], at=at)
        for lead, choice in new
        if lead.status != Status.NURTURING
    ]
    set_statuses(resting, by=by)


@audited
def stop_programme(lead: Lead, *, by: User | None, why: str = "Stopped by hand") -> None:
    """End the programme that a lead goes through."""
    locked = Lead.objects.locked([lead.pk])
    if not stop_programmes([row.pk for row in locked], why=why, by=by):
        raise NoProgramme(f"{lead} goes through no programme.")


@audited
def advance_programmes(*, by: User | None, at: datetime | None = None) -> int:
    """Do what is due for a batch of leads: mail, tasks, waits; answers for how many."""
    now = at or timezone.now()
    running = Enrolment.objects.filter(
        state=EnrolmentState.RUNNING, due_at__lte=now, programme__is_active=True
    )
    waiting = running.order_by("due_at").values_list("lead", flat=True)[:BATCH]
    # Leads before enrolments, as everywhere: whoever answers meanwhile holds the lead.
    leads = {lead.pk: lead for lead in Lead.objects.locked(waiting)}
    due = list(running.filter(lead__in=leads).order_by("lead").select_for_update(of=("self",)))
    unfit = _unfit(leads)
    for why in set(unfit.values()):
        stop_programmes([pk for pk, reason in unfit.items() if reason == why], why=why, at=now)
    _advance([row for row in due if row.lead_id not in unfit], by=by, at=now)
    return len(due)


def _unfit(leads: Mapping[int, Lead]) -> dict[int, str]:
    """The leads that are no longer to be nurtured, and why not."""
    excluded = set(
        Lead.objects.filter(pk__in=leads, score__state=ScoreState.EXCLUDED).values_list("pk", flat=True)
    )
    found = {}
    for pk, lead in leads.items():
        if lead.is_closed:
            found[pk] = "The lead is closed"
        elif pk in excluded:
            found[pk] = "Excluded from scoring"
        elif lead.owner_id:
            found[pk] = "A rep has it now"
        elif lead.status != Status.NURTURING:
            found[pk] = "No longer in nurturing"
    return found


def _advance(due: Sequence[Enrolment], *, by: User | None, at: datetime) -> None:
    steps = _steps({row.programme_id for row in due})
    readers = _readers([row.lead_id for row in due])
    effects = Effects()
    for row in due:
        _walk(row, steps[row.programme_id], readers.get(row.lead_id), effects, at)
    store(due, "passed", "due_at", "state", "ended_at")
    NurtureEvent.objects.bulk_create(effects.events)
    announce_many(effects.letters)
    add_tasks(effects.tasks, by=by, at=at)


def _steps(programme_ids: Collection[int]) -> dict[int, list[NurtureStep]]:
    found: dict[int, list[NurtureStep]] = defaultdict(list)
    steps = NurtureStep.objects.filter(programme__in=programme_ids).select_related("template")
    for step in steps.order_by("programme", "order"):
        found[step.programme_id].append(step)
    return found


def _readers(lead_ids: Collection[int]) -> dict[int, LeadContact]:
    """Of each lead the first person who may be written to."""
    people = LeadContact.objects.filter(lead__in=lead_ids, contact__in=Contact.objects.filter(mailable()))
    chosen = people.order_by("lead", "-is_first", "pk").distinct("lead")
    return {
        row.lead_id: row for row in chosen.select_related("contact", "lead__company", "lead__product_line")
    }


def _walk(
    row: Enrolment,
    steps: Iterable[NurtureStep],
    reader: LeadContact | None,
    effects: Effects,
    at: datetime,
) -> None:
    """Everything up to the next wait; at the end the enrolment is finished, in memory."""
    for step in steps:
        if step.order <= row.passed:
            continue
        row.passed = step.order
        if step.kind == StepKind.WAIT and step.days:
            row.due_at = at + timedelta(days=step.days)
            return
        if step.kind == StepKind.MAIL:
            _send(row, step, reader, effects, at)
        elif step.kind == StepKind.TASK:
            due_on = local_date(at) + timedelta(days=step.days)
            effects.tasks.append(NewTask(row.lead_id, step.task, due_on, step.assignee_id))
            effects.events.append(_event(row, f"Task created: {step.task}", "", at))
    row.state, row.ended_at = EnrolmentState.FINISHED, at
    effects.events.append(_event(row, "Programme finished", "", at))


def _send(
    row: Enrolment, step: NurtureStep, reader: LeadContact | None, effects: Effects, at: datetime
) -> None:
    assert step.template is not None  # by constraint
    if reader is None:
        text = f"Not sent: {step.template}"
        effects.events.append(_event(row, text, "Nobody here may be written to", at))
        return
    letter = letter_to(reader, step.template.subject, step.template.body)
    payload: dict[str, object] = {
        "contact": reader.contact_id,
        "to": letter.to,
        "subject": letter.subject,
        "body": letter.body,
        "unsubscribe": letter.unsubscribe,
    }
    effects.letters.append(Announcement("nurture_mail", row.lead_id, payload))
    effects.events.append(_event(row, f"E-mail sent: {letter.subject}", f"To {letter.to}", at))


def letter_to(reader: LeadContact, subject: str, body: str) -> Letter:
    """A template filled for one of a lead's people."""
    contact, lead = reader.contact, reader.lead
    values = {
        "first_name": contact.first_name,
        "last_name": contact.last_name,
        "company": lead.company.name if lead.company else "",
        "product_line": lead.product_line.name if lead.product_line else "",
        "organisation": organisation().name,
        "unsubscribe": unsubscribe_address(contact.pk),
    }
    return write_letter(contact.email, subject, body, values)


def _event(row: Enrolment, text: str, detail: str, at: datetime) -> NurtureEvent:
    return NurtureEvent(enrolment=row, lead_id=row.lead_id, text=text[:CUT], detail=detail[:CUT], at=at)
