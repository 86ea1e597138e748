"""What a deal lacked for its next stage, taken in the transaction of the move that asked for it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from leads.actions import (
    CompanyFacts,
    ContactFacts,
    NewActivity,
    NewAnswer,
    answer_questions,
    change_leads,
    log_activities,
    raise_refused,
    save_company,
    save_contact,
)
from leads.actions.audit import audited
from leads.models import Lead, LeadContact, User
from leads.models.activities import Origin
from pipeline.actions.deals import DealFacts, set_deals
from pipeline.actions.settling import lock_deals


@dataclass(frozen=True)
class Supplies:
    """Facts by their paths in `pipeline.fields`, custom fields by key, answers moments by kind."""

    facts: Mapping[str, Any] = field(default_factory=dict)
    attributes: Mapping[str, Any] = field(default_factory=dict)
    answers: Mapping[int, Any] = field(default_factory=dict)
    activities: Mapping[str, datetime] = field(default_factory=dict)

    def about(self, noun: str) -> dict[str, Any]:
        """The facts about deal, lead, company or contact, by the names of their columns."""
        paths = (path for path in self.facts if path.startswith(f"{noun}."))
        return {path.removeprefix(f"{noun}."): self.facts[path] for path in paths}


@audited
def supply(lead_id: int, supplies: Supplies, *, by: User | None) -> None:
    """Store facts, answers and activities of one lead by the verbs that pages use; raises their refusals."""
    _supply_people(lead_id, supplies, by=by)
    lock_deals([lead_id])
    if facts := {**supplies.about("lead"), **_custom(supplies)}:
        change_leads({lead_id: facts}, by=by)
    if facts := supplies.about("deal"):
        raise_refused(set_deals([DealFacts(lead_id, **facts)], by=by))
    if supplies.answers:
        answers = [NewAnswer(lead_id, question, value) for question, value in supplies.answers.items()]
        answer_questions(answers, by=by)
    if supplies.activities:
        done = [NewActivity(lead_id, kind, moment) for kind, moment in supplies.activities.items()]
        raise_refused(log_activities(done, by=by, origin=Origin.HAND).rejected)


def _supply_people(lead_id: int, supplies: Supplies, *, by: User | None) -> None:
    """Companies and contacts are locked before leads, as everywhere."""
    if facts := supplies.about("company"):
        company_id = Lead.objects.values_list("company", flat=True).get(pk=lead_id)
        save_company(CompanyFacts(id=company_id, **facts), by=by)
    if facts := supplies.about("contact"):
        people = LeadContact.objects.filter(lead=lead_id).order_by("-is_first", "pk")
        save_contact(ContactFacts(id=people.values_list("contact", flat=True)[0], **facts), by=by)


def _custom(supplies: Supplies) -> dict[str, Any]:
    return {"attributes": supplies.attributes} if supplies.attributes else {}
