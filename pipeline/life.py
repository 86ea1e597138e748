"""A deal's life: every step with how the deal stood after it, and how it stood on any day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from leads.models.leads import Outcome
from leads.organisation import local_date, zone
from pipeline.timeline import steps_of
from pipeline.wording import Entry, Facts

if TYPE_CHECKING:
    from leads.models import Lead

FIELDS = ("value", "currency", "expected_close_on")


@dataclass(frozen=True, slots=True)
class State:
    """How a deal stands at a moment; `standing` is the status of an open lead, else its outcome."""

    stage: str = ""
    confidence: int | None = None
    automatic: int | None = None
    value: Decimal | None = None
    currency: str = ""
    expected_close_on: date | None = None
    standing: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """What happened, and the state that it led to."""

    entry: Entry
    state: State


@dataclass(frozen=True, slots=True)
class Stay:
    """Time in a stage; `left_at` is None while the deal stands there. Confidences are those on entering."""

    stage: str
    entered_at: datetime
    left_at: datetime | None
    days: int
    confidence: int
    automatic: int
    by: str
    is_reconstructed: bool
    waiver: str


@dataclass(frozen=True, slots=True)
class Life:
    """The steps, the oldest first, the stays in stages, and what the chart of confidence draws."""

    steps: list[Step]
    stays: list[Stay]
    figures: dict[str, Any]
    finding: str

    def on(self, day: date) -> State | None:
        """How the deal stood at the end of a day; None before its first step."""
        known = [step.state for step in self.steps if local_date(step.entry.at) <= day]
        return known[-1] if known else None


def life_of(lead: Lead) -> Life:
    """One query; the lead comes with its deal."""
    rows = steps_of(lead)
    steps = list(_replayed(_at_birth(lead, rows), rows))
    stays = [_stay(entry.at, facts) for entry, source, facts in rows if source == "move"]
    return Life(steps, stays, _figures(steps, stays, lead), _finding(steps))


def _at_birth(lead: Lead, rows: Sequence[tuple[Entry, str, Facts]]) -> State:
    """What the first change of each fact says was there before; what never changed is as it is now."""
    now = {name: getattr(lead.deal, name) for name in FIELDS}
    for _, source, facts in reversed(rows):
        if source == "deal" and facts["field"] in now:
            now[facts["field"]] = _typed(facts["field"], facts["before"])
    before = next((facts["before"] for _, source, facts in rows if source == "status"), lead.status)
    return State(standing=before, **now)


def _replayed(state: State, rows: Iterable[tuple[Entry, str, Facts]]) -> Iterator[Step]:
    for entry, source, facts in rows:
        state = replace(state, **CHANGES[source](facts))
        yield Step(entry, state)


def _moved(facts: Facts) -> Mapping[str, Any]:
    return {"stage": facts["after"], "confidence": facts["confidence"], "automatic": facts["automatic"]}


def _weighed(facts: Facts) -> Mapping[str, Any]:
    return {"confidence": facts["after"], "automatic": facts["automatic"]}


def _edited(facts: Facts) -> Mapping[str, Any]:
    return {facts["field"]: _typed(facts["field"], facts["after"])} if facts["field"] in FIELDS else {}


def _restated(facts: Facts) -> Mapping[str, Any]:
    is_open = facts["outcome_after"] == Outcome.OPEN
    return {"standing": facts["after"] if is_open else facts["outcome_after"]}


CHANGES = {"move": _moved, "confidence": _weighed, "deal": _edited, "status": _restated}


def _typed(field: str, text: str) -> Any:
    """A fact as it was recorded, in words, as what it is."""
    if field == "currency":
        return text
    if not text:
        return None
    return Decimal(text) if field == "value" else date.fromisoformat(text)


def _stay(entered_at: datetime, facts: Facts) -> Stay:
    left_at = datetime.fromisoformat(facts["left_at"]).astimezone(zone()) if facts["left_at"] else None
    return Stay(
        stage=facts["after"],
        entered_at=entered_at,
        left_at=left_at,
        days=(local_date(left_at or timezone.now()) - local_date(entered_at)).days,
        confidence=facts["confidence"],
        automatic=facts["automatic"],
        by=facts["by"] or "",
        is_reconstructed=facts["reconstructed"],
        waiver=facts["waiver"],
    )


def _figures(steps: Sequence[Step], stays: Sequence[Stay], lead: Lead) -> dict[str, Any]:
    """The shape of static/js/charts/confidence.js; an open deal is drawn until now."""
    known = [step for step in steps if step.state.confidence is not None]
    drawn = [[step.entry.at.isoformat(), step.state.confidence, step.state.automatic] for step in known]
    if drawn and not lead.is_closed:
        drawn.append([timezone.now().isoformat(), *drawn[-1][1:]])
    return {"steps": drawn, "stages": [[stay.entered_at.isoformat(), stay.stage] for stay in stays]}


def _finding(steps: Sequence[Step]) -> str:
    known = [step.state.confidence for step in steps if step.state.confidence is not None]
    if not known:
        return "The deal has not entered the pipeline yet."
    return f"Confidence from {known[0]} to {known[-1]} per cent, between {min(known)} and {max(known)}."
