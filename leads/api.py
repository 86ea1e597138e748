"""The API's door for what happened: activities, one or many at once."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import (
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    TypeAdapter,
    ValidationError,
    model_validator,
)

from config.parsing import parsed_json, storing_fault
from config.problems import ANSWERS, UnprocessableError, body_fault
from leads.actions import NewActivity, log_activities
from leads.models import ApiKey, ExternalId, Lead, User
from leads.models.activities import Origin
from leads.requests import signed_in

router = Router(tags=["activities"])
LARGEST_BATCH = 1_000


class ActivityIn(BaseModel):
    """Something that happened; the same idempotency key counts once per lead."""

    model_config = ConfigDict(extra="forbid", title="ActivityIn")

    @model_validator(mode="before")
    @classmethod
    def _be_an_object(cls, sent: object) -> object:
        if not isinstance(sent, dict):
            raise ValueError('An activity is an object such as {"lead": 7, "kind": "call", …}.')  # noqa: TRY004 (pydantic's)
        return sent

    lead: int | str = Field(description="The lead's number, or ext: and your own id.")
    kind: str = Field(max_length=40)
    occurred_at: AwareDatetime
    url: str = Field("", max_length=2_000)
    duration_seconds: int | None = Field(None, ge=0, le=86_400 * 31)
    properties: dict[str, Any] = Field(
        default_factory=dict,
        description="Anything, for rules to ask for. user_agent, method, host, message and honeypot tell "
        "machines from people; what a machine did is kept but does not count.",
    )
    idempotency_key: str = Field("", max_length=200)


class Rejected(Schema):
    index: int
    error: str


class Received(Schema):
    """How many were stored, how many were known already, and which were not taken, by place in the list."""

    accepted: int
    duplicates: int
    rejected: list[Rejected]


ONE_OR_MANY = TypeAdapter(
    ActivityIn | Annotated[list[ActivityIn], Field(max_length=LARGEST_BATCH)]
).json_schema(ref_template="#/components/schemas/{model}")
ONE_OR_MANY.pop("$defs")


@router.post(
    "/activities",
    response={202: Received, **ANSWERS},
    summary="Log activities",
    openapi_extra={
        "requestBody": {"required": True, "content": {"application/json": {"schema": ONE_OR_MANY}}}
    },
)
def post_activities(request: HttpRequest) -> Status[Received]:
    """One activity or a list of up to 1,000; a bad one never loses the others."""
    rows, faults = read_activities(parsed_json(request.body))
    user = signed_in(request)
    leads = known_leads([row.lead for row in rows.values()], user, request.auth)  # type: ignore[attr-defined]
    faults |= {
        index: f"There is no lead {row.lead}." for index, row in rows.items() if str(row.lead) not in leads
    }
    places = [index for index in rows if index not in faults]
    logged = log_activities(
        [new_activity(rows[index], leads[str(rows[index].lead)]) for index in places],
        by=user,
        origin=Origin.API,
    )
    faults |= {places[refused.index]: refused.message for refused in logged.rejected}
    rejected = [Rejected(index=index, error=faults[index]) for index in sorted(faults)]
    return Status(202, Received(accepted=logged.accepted, duplicates=logged.duplicates, rejected=rejected))


def read_activities(sent: object) -> tuple[dict[int, ActivityIn], dict[int, str]]:
    """Well-formed activities and sentences about the others, by place; a single malformed one is a 422."""
    items = sent if isinstance(sent, list) else [sent]
    if len(items) > LARGEST_BATCH:
        raise UnprocessableError(
            ("", f"At most {LARGEST_BATCH:,} activities at once; these are {len(items):,}.")
        )
    rows: dict[int, ActivityIn] = {}
    faults: dict[int, str] = {}
    for index, item in enumerate(items):
        try:
            rows[index] = read_activity(item)
        except UnprocessableError as error:
            if not isinstance(sent, list):
                raise
            faults[index] = "; ".join(": ".join(filter(None, pair)) for pair in error.faults)
    return rows, faults


def read_activity(sent: object) -> ActivityIn:
    """A well-formed activity, or UnprocessableError with the path of each fault."""
    if fault := storing_fault(sent):
        raise UnprocessableError(("", fault))
    try:
        return ActivityIn.model_validate(sent)
    except ValidationError as error:
        raise UnprocessableError(*(body_fault(dict(fault)) for fault in error.errors())) from error


def known_leads(references: Sequence[int | str], user: User, key: ApiKey) -> dict[str, int]:
    """The ids of those leads that exist and may be seen, by how they were referred to."""
    names = {str(reference) for reference in references}
    external = {name.removeprefix("ext:") for name in names if name.startswith("ext:")}
    numbers = {int(name) for name in names if name.isascii() and name.isdecimal() and len(name) <= 18}
    ids = ExternalId.objects.filter(system=key.name, entity="lead", external_id__in=external)
    found = {f"ext:{name}": lead_id for name, lead_id in ids.values_list("external_id", "object_id")}
    found |= {str(number): number for number in numbers}
    visible = set(Lead.objects.visible_to(user).filter(pk__in=found.values()).values_list("pk", flat=True))
    return {name: lead_id for name, lead_id in found.items() if lead_id in visible}


def new_activity(row: ActivityIn, lead_id: int) -> NewActivity:
    """What the action takes."""
    occurred_at: datetime = row.occurred_at
    return NewActivity(
        lead_id=lead_id,
        kind=row.kind,
        occurred_at=occurred_at,
        url=row.url,
        duration_seconds=row.duration_seconds,
        properties=row.properties,
        key=row.idempotency_key,
    )
