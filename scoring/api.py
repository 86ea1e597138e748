"""The API's doors to scores and models: explanations, drafts, publishing, runs."""

from datetime import date, datetime
from typing import Any, Literal, cast

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from ninja import Body, Router, Schema, Status

from config.problems import ANSWERS, UnprocessableError
from leads.models import ApiKey, Lead, User
from leads.organisation import today
from leads.requests import signed_in
from scoring.actions import import_model, publish_model
from scoring.definition import FaultyDefinition
from scoring.explain import explain
from scoring.explanations import ExplainedGroup, Explanation
from scoring.models import ScoringModel, ScoringRun

router = Router(tags=["scoring"])


class LineOut(Schema):
    """One line of a group; `rule` is null where a maximum, a minimum or “not the best” takes points away."""

    rule: str | None
    points: float
    occurred_at: datetime | None
    reason: str


class GroupOut(Schema):
    name: str
    kind: Literal["fit", "engagement", "total"]
    points: float
    lines: list[LineOut]


class ExplanationOut(Schema):
    """The lines of a group add up to its points, the groups to the total."""

    state: str
    total: int | None
    fit: float | None
    engagement: float | None
    groups: list[GroupOut]


class ModelOut(Schema):
    id: int
    version: int
    status: str


class RunStarted(Schema):
    run: int


class RunOut(Schema):
    status: Literal["running", "done", "failed"]
    done: int
    total: int


@router.get("/leads/{reference}/score", response={200: ExplanationOut, **ANSWERS}, summary="Explain a score")
def get_score(request: HttpRequest, reference: str, at: date | None = None) -> ExplanationOut:
    """Every line of the score, today or at a past date; lines add up to groups, groups to the total."""
    if at and at > today():
        raise UnprocessableError(("at", "A score can be explained up to today, not for a day to come."))
    key = cast("ApiKey", request.auth)  # type: ignore[attr-defined]
    leads = Lead.objects.visible_to(signed_in(request)).referred_to(reference, system=key.name)
    lead = leads.first()
    if lead is None:
        raise Http404("There is no such lead.")
    return explanation_out(explain(lead, at=at))


@router.post("/scoring/models", response={201: ModelOut, **ANSWERS}, summary="Import a model as a draft")
def post_model(request: HttpRequest, payload: Body[dict[str, Any]]) -> Status[ScoringModel]:
    """The JSON form of a model; every fault is answered with its path, and nothing is stored."""
    user = may(request, "scoring.add_scoringmodel")
    try:
        return Status(201, import_model(payload, by=user))
    except FaultyDefinition as faulty:
        raise UnprocessableError(*((fault.path, fault.message) for fault in faulty.faults)) from faulty


@router.post(
    "/scoring/models/{model_id}/publish", response={202: RunStarted, **ANSWERS}, summary="Publish a draft"
)
def post_publish(request: HttpRequest, model_id: int) -> Status[RunStarted]:
    """Make the draft the live version, silently; every lead is scored anew in the background."""
    user = may(request, "scoring.publish_scoringmodel")
    model = ScoringModel.objects.filter(pk=model_id).first()
    if model is None:
        raise Http404("There is no such model.")
    run = publish_model(model, by=user)
    return Status(202, RunStarted(run=run.pk))


@router.get("/scoring/runs/{run}", response={200: RunOut, **ANSWERS}, summary="Progress of a run")
def get_run(request: HttpRequest, run: int) -> ScoringRun:
    """How many leads are done, of how many."""
    may(request, "scoring.view_scoringrun")
    found = ScoringRun.objects.filter(pk=run).first()
    if found is None:
        raise Http404("There is no such run.")
    return found


def may(request: HttpRequest, permission: str) -> User:
    """The key's user if they have the permission; 403 otherwise."""
    user = signed_in(request)
    if not user.has_perm(permission):
        raise PermissionDenied("Only administrators of scoring may do this.")
    return user


def explanation_out(why: Explanation) -> ExplanationOut:
    """Tenths as numbers with one decimal."""
    return ExplanationOut(
        state=why.state,
        total=why.total,
        fit=points(why.fit),
        engagement=points(why.engagement),
        groups=[group_out(group) for group in why.groups],
    )


def group_out(group: ExplainedGroup) -> GroupOut:
    """A group with its lines."""
    lines = [
        LineOut(rule=line.rule, points=line.points / 10, occurred_at=line.occurred_at, reason=line.reason)
        for line in group.lines
    ]
    return GroupOut(name=group.name, kind=group.kind, points=group.points / 10, lines=lines)


def points(tenths: int | None) -> float | None:
    """Whole tenths as points."""
    return None if tenths is None else tenths / 10
