"""What happens to a deal through the API: the verbs of the pages, with the same refusals."""

from datetime import date
from typing import Literal

from django.http import HttpRequest
from ninja import Router
from pydantic import Field

from config.problems import ANSWERS, UnprocessableError
from leads.actions import set_status
from leads.models import Lead
from leads.requests import signed_in
from pipeline.actions import (
    lose_deal,
    move_deal,
    release_confidence,
    reopen_deal,
    set_confidence,
    win_deal,
)
from pipeline.api.shapes import Body, LeadOut
from pipeline.api.sight import seen_lead
from pipeline.models import Deal, LostReason, Stage

router = Router(tags=["moves"])


class MoveIn(Body):
    stage: str = Field(description="The key of a stage of the lead's pipeline.")


class OnwardIn(MoveIn):
    waiver: str = Field(
        "", max_length=4_000, description="Why a manager moves it without what the stage asks for."
    )


class StatusIn(Body):
    status: Literal["new", "working", "nurturing", "qualified", "disqualified"]
    reason: str = Field("", max_length=100)
    note: str = Field("", max_length=4_000)
    returns_on: date | None = None


class CloseIn(Body):
    outcome: Literal["won", "lost"]
    reason: str | None = Field(None, description="The key of a lost reason; needed when lost.")
    note: str = Field("", max_length=4_000)
    competitor: str = Field("", max_length=120, description="To whom it was lost; a new name is remembered.")
    closed_on: date | None = Field(None, description="Today when left out.")


class ConfidenceIn(Body):
    percent: int = Field(ge=0, le=100)
    reason: str = Field(min_length=1, max_length=4_000)
    until: date | None = Field(None, description="The day on which it returns to automatic.")


@router.post("/leads/{reference}/move", response={200: LeadOut, **ANSWERS}, summary="Move to a stage")
def move(request: HttpRequest, reference: str, payload: OnwardIn) -> LeadOut:
    """Forward, back or past stages; the first move of a new lead begins work on it.

    409 names what the stages on the way ask for and the lead does not have.
    """
    lead = seen_lead(request, reference)
    stage = named_stage(lead.deal, payload.stage)
    move_deal(lead.deal, to=stage, by=signed_in(request), waiver=payload.waiver)
    return shown(request, lead)


@router.post("/leads/{reference}/status", response={200: LeadOut, **ANSWERS}, summary="Set the status")
def status(request: HttpRequest, reference: str, payload: StatusIn) -> LeadOut:
    """Disqualifying needs a reason and closes the lead; nurturing may name the day on which it returns."""
    lead = seen_lead(request, reference)
    set_status(
        lead,
        payload.status,
        by=signed_in(request),
        reason=payload.reason,
        note=payload.note,
        returns_on=payload.returns_on,
    )
    return shown(request, lead)


@router.post("/leads/{reference}/close", response={200: LeadOut, **ANSWERS}, summary="Win or lose")
def close(request: HttpRequest, reference: str, payload: CloseIn) -> LeadOut:
    """Close from any stage; a loss needs a reason."""
    lead = seen_lead(request, reference)
    if payload.outcome == "won":
        win_deal(lead.deal, by=signed_in(request), closed_on=payload.closed_on, note=payload.note)
    else:
        reason = named_reason(payload.reason)
        lose_deal(
            lead.deal,
            reason=reason,
            by=signed_in(request),
            closed_on=payload.closed_on,
            note=payload.note,
            competitor=payload.competitor,
        )
    return shown(request, lead)


@router.post("/leads/{reference}/reopen", response={200: LeadOut, **ANSWERS}, summary="Reopen")
def reopen(request: HttpRequest, reference: str, payload: MoveIn) -> LeadOut:
    """Open a closed lead again, in the stage named."""
    lead = seen_lead(request, reference)
    reopen_deal(lead.deal, to=named_stage(lead.deal, payload.stage), by=signed_in(request))
    return shown(request, lead)


@router.put("/leads/{reference}/confidence", response={200: LeadOut, **ANSWERS}, summary="Set by hand")
def put_confidence(request: HttpRequest, reference: str, payload: ConfidenceIn) -> LeadOut:
    """Set confidence by hand: it stays until it is released, or until the day named."""
    lead = seen_lead(request, reference)
    set_confidence(
        lead.deal, payload.percent, reason=payload.reason, by=signed_in(request), until=payload.until
    )
    return shown(request, lead)


@router.delete("/leads/{reference}/confidence", response={200: LeadOut, **ANSWERS}, summary="Release")
def delete_confidence(request: HttpRequest, reference: str) -> LeadOut:
    """Return confidence to its automatic value."""
    lead = seen_lead(request, reference)
    release_confidence(lead.deal, by=signed_in(request))
    return shown(request, lead)


def shown(request: HttpRequest, lead: Lead) -> LeadOut:
    """The lead as it stands after the action."""
    return LeadOut.of(seen_lead(request, str(lead.pk)))


def named_stage(deal: Deal, key: str) -> Stage:
    """The stage with this key in the deal's pipeline."""
    stages = Stage.objects.current().filter(pipeline__stages=deal.stage_id)
    for stage in stages:
        if stage.key == key:
            return stage
    keys = ", ".join(stage.key for stage in stages)
    raise UnprocessableError(("stage", f"The lead's pipeline has no stage “{key}”; it has {keys}."))


def named_reason(key: str | None) -> LostReason:
    """The lost reason with this key."""
    reasons = {reason.key: reason for reason in LostReason.objects.all()}
    if key not in reasons:
        raise UnprocessableError(("reason", f"A loss needs one of the reasons {', '.join(reasons)}."))
    return reasons[key]
