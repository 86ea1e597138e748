"""The shapes in which a lead's page is shown: plain values, no queries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from leads.models import Lead
from pipeline.bands import BandStart
from pipeline.confidence import Line
from pipeline.leadpage.ownership import Ownership
from pipeline.nextstep import NextStep
from pipeline.raising import Raise


@dataclass(frozen=True, slots=True)
class Person:
    """One of the lead's people."""

    contact: int
    name: str
    title: str
    email: str
    phone: str
    role: str
    is_first: bool
    may_be_contacted: bool


@dataclass(frozen=True, slots=True)
class TaskLine:
    """A task; `urgency` is late, today, later or done, `outcome` the activity that ticking it off logs."""

    pk: int
    title: str
    due_on: date
    is_done: bool
    urgency: str
    assignee: str
    outcome: str


@dataclass(frozen=True, slots=True)
class StageStep:
    pk: int
    name: str
    confidence: int
    is_current: bool


@dataclass(frozen=True, slots=True)
class ConfidenceView:
    """The lines of the automatic value, who set the present one and why, and what could raise it."""

    lines: list[Line]
    by: str
    at: datetime | None
    reason: str
    raises: list[Raise]
    hint: str


@dataclass(frozen=True, slots=True)
class Remark:
    """What somebody said of a line of the score; an empty group is that of exclusions."""

    group: str
    rule: str
    text: str
    by: str


@dataclass(frozen=True, slots=True)
class LeadView:
    """A lead with what its page and its panel show; `is_pending` while news of it waits for a score."""

    lead: Lead
    is_pending: bool
    next_step: NextStep
    bands: list[BandStart]
    change: int | None
    people: list[Person]
    tasks: list[TaskLine]
    stages: list[StageStep]
    confidence: ConfidenceView
    days_in_stage: int | None
    is_rotting: bool
    attributes: list[tuple[str, object]]
    ownership: Ownership
    remarks: list[Remark]

    @property
    def first_person(self) -> Person | None:
        return self.people[0] if self.people else None

    @property
    def owner(self) -> str:
        return str(self.lead.owner) if self.lead.owner else ""

    @property
    def starts(self) -> list[tuple[str, int]]:
        """Where each band begins, by name."""
        return [(band.name, band.enter) for band in self.bands]
