"""Whose a lead is and why, what it waits for, its programme; read in the page's one query."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Subquery
from django.db.models.functions import JSONObject

from leads.formats import short_date
from leads.organisation import local_date, today
from pipeline.models import Assignment, Enrolment, EnrolmentState, RoutingWait
from pipeline.names import name_of

SHOWN = 3


@dataclass(frozen=True, slots=True)
class Reason:
    """An assignment in words."""

    before: str
    after: str
    why: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ProgrammeView:
    name: str
    sentence: str
    is_running: bool


@dataclass(frozen=True, slots=True)
class Ownership:
    """The last assignments, the newest first; empty texts for what is not the case."""

    assignments: list[Reason]
    waits_for: str
    programme: ProgrammeView | None


def about_ownership() -> dict[str, Any]:
    """Annotations that `ownership_of` puts into shape."""
    given = Assignment.objects.filter(lead=OuterRef("pk")).order_by("-at", "-pk")
    reason = JSONObject(
        before=name_of("before"), after=name_of("after"), why="why", by=name_of("by"), at="at"
    )
    ways = Enrolment.objects.filter(lead=OuterRef("pk")).order_by("-started_at", "-pk")
    way = JSONObject(
        name="programme__name",
        state="state",
        due_at="due_at",
        ended_why="ended_why",
    )
    return {
        "assignment_rows": ArraySubquery(given.values(facts=reason)[:SHOWN]),
        "way_row": Subquery(ways.values(facts=way)[:1]),
        "waits_for": Subquery(RoutingWait.objects.filter(lead=OuterRef("pk")).values("why")[:1]),
    }


def ownership_of(lead: Any) -> Ownership:
    """What `about_ownership` read."""
    return Ownership(
        [
            Reason(
                before=row["before"] or "",
                after=row["after"] or "",
                why=row["why"],
                by=row["by"] or "",
                at=datetime.fromisoformat(row["at"]),
            )
            for row in lead.assignment_rows
        ],
        lead.waits_for or "",
        _programme(lead.way_row) if lead.way_row else None,
    )


def _programme(row: dict[str, Any]) -> ProgrammeView:
    is_running = row["state"] == EnrolmentState.RUNNING
    if is_running:
        due_on = local_date(datetime.fromisoformat(row["due_at"]))
        sentence = f"next step {short_date(due_on, today())}" if due_on > today() else "next step today"
    else:
        sentence = f"stopped. {row['ended_why']}" if row["ended_why"] else "finished"
    return ProgrammeView(row["name"], sentence, is_running)
