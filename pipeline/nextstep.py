"""The one sentence with which a lead opens: what to do next. Pure: facts in, words out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from leads.formats import short_date

HOT_LANE = "personal"


@dataclass(frozen=True, slots=True)
class Facts:
    """What the sentence is made from; days are the organisation's dates."""

    today: date
    outcome: str = "open"
    status: str = "new"
    closed_on: date | None = None
    lost_reason: str = ""
    is_excluded: bool = False
    has_owner: bool = True
    lane: str = ""
    asked: str = ""
    asked_on: date | None = None
    task: str = ""
    task_due_on: date | None = None
    expected_close_on: date | None = None
    stage: str = ""
    days_in_stage: int | None = None
    rot_days: int | None = None
    last_contact_on: date | None = None
    returns_on: date | None = None


@dataclass(frozen=True, slots=True)
class NextStep:
    """A headline, to be read in bold, and why; `is_urgent` colours the note."""

    headline: str
    why: str = ""
    is_urgent: bool = False


def next_step(facts: Facts) -> NextStep:
    """The first that applies, most pressing first."""
    return next(step for rule in RULES for step in rule(facts))


def _closed(facts: Facts) -> Iterator[NextStep]:
    on = f" on {short_date(facts.closed_on, facts.today)}" if facts.closed_on else ""
    if facts.outcome == "won":
        yield NextStep(f"Won{on}.", "Ask what else they need.")
    elif facts.outcome == "lost":
        yield NextStep(
            f"Lost{on}.", f"{facts.lost_reason or 'No reason was given'}. Reopen it if they come back."
        )
    elif facts.outcome == "disqualified":
        yield NextStep(f"Disqualified{on}.", "Reopen it if that was wrong.")


def _excluded(facts: Facts) -> Iterator[NextStep]:
    if facts.is_excluded:
        yield NextStep("Leave it.", "It is excluded from scoring, so it has no score and no lane.")


def _overdue(facts: Facts) -> Iterator[NextStep]:
    if facts.task_due_on and facts.task_due_on < facts.today:
        yield NextStep(
            f"{facts.task}.", f"It was due {_day(facts.task_due_on, facts.today)}.", is_urgent=True
        )


def _unanswered(facts: Facts) -> Iterator[NextStep]:
    if facts.asked_on:
        when = _day(facts.asked_on, facts.today)
        yield NextStep("Call now.", f"{facts.asked} {when}, and nobody has answered yet.", is_urgent=True)


def _due_today(facts: Facts) -> Iterator[NextStep]:
    if facts.task_due_on == facts.today:
        yield NextStep(f"{facts.task}.", "It is due today.", is_urgent=True)


def _unowned(facts: Facts) -> Iterator[NextStep]:
    if not facts.has_owner:
        yield NextStep("Give it an owner.", "Nobody is responsible for this lead yet.")


def _resting(facts: Facts) -> Iterator[NextStep]:
    if facts.status == "nurturing":
        until = f" until {short_date(facts.returns_on, facts.today)}" if facts.returns_on else ""
        yield NextStep("Let it mature.", f"It is in nurturing{until}; a new signal brings it back.")


def _past_close(facts: Facts) -> Iterator[NextStep]:
    if facts.expected_close_on and facts.expected_close_on < facts.today:
        day = short_date(facts.expected_close_on, facts.today)
        yield NextStep("Set a new expected close.", f"{day} has passed, so no forecast counts this deal.")


def _rotting(facts: Facts) -> Iterator[NextStep]:
    if facts.rot_days and facts.days_in_stage and facts.days_in_stage > facts.rot_days:
        yield NextStep(
            "Move it or let it go.",
            f"{facts.days_in_stage} days in {facts.stage}, where {facts.rot_days} is the limit.",
        )


def _planned(facts: Facts) -> Iterator[NextStep]:
    if facts.task_due_on:
        yield NextStep(f"Next: {facts.task}.", f"Due {short_date(facts.task_due_on, facts.today)}.")


def _unplanned(facts: Facts) -> Iterator[NextStep]:
    contact = _day(facts.last_contact_on, facts.today) if facts.last_contact_on else "never"
    if facts.status == "new" and facts.lane == HOT_LANE:
        yield NextStep("Make the first call.", "A good lead that nobody has worked yet.", is_urgent=True)
    elif facts.status == "new":
        yield NextStep("Nothing to do yet.", "Its score is too low for a call; signals will raise it.")
    else:
        yield NextStep("Plan the next step.", f"No task is open. Last contact: {contact}.")


RULES: list[Callable[[Facts], Iterator[NextStep]]] = [
    _closed,
    _excluded,
    _overdue,
    _unanswered,
    _due_today,
    _unowned,
    _resting,
    _past_close,
    _rotting,
    _planned,
    _unplanned,
]


def _day(day: date, today: date) -> str:
    """today, yesterday, on Sunday, on 3 Oct."""
    days = (today - day).days
    if days in (0, 1):
        return ("today", "yesterday")[days]
    return f"on {day:%A}" if 1 < days < 7 else f"on {short_date(day, today)}"
