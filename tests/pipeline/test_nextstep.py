"""The sentence with which a lead opens: the most pressing thing first."""

from dataclasses import replace
from datetime import date

import pytest

from pipeline.nextstep import Facts, next_step

TODAY = date(2026, 11, 25)  # a Wednesday
WORKING = Facts(today=TODAY, status="working", stage="Demo")


@pytest.mark.parametrize(
    ("changed", "headline", "why"),
    [
        ({}, "Plan the next step.", "No task is open. Last contact: never."),
        (
            {"last_contact_on": date(2026, 11, 24)},
            "Plan the next step.",
            "No task is open. Last contact: yesterday.",
        ),
        (
            {"status": "new", "lane": "personal"},
            "Make the first call.",
            "A good lead that nobody has worked yet.",
        ),
        ({"status": "new"}, "Nothing to do yet.", "Its score is too low for a call; signals will raise it."),
        ({"task": "Send prices", "task_due_on": date(2026, 12, 1)}, "Next: Send prices.", "Due 1 Dec."),
        ({"task": "Send prices", "task_due_on": TODAY}, "Send prices.", "It is due today."),
        ({"task": "Send prices", "task_due_on": date(2026, 11, 24)}, "Send prices.", "It was due yesterday."),
        ({"task": "Send prices", "task_due_on": date(2026, 11, 22)}, "Send prices.", "It was due on Sunday."),
        (
            {"asked": "A demo was asked for", "asked_on": date(2026, 11, 22)},
            "Call now.",
            "A demo was asked for on Sunday, and nobody has answered yet.",
        ),
        ({"has_owner": False}, "Give it an owner.", "Nobody is responsible for this lead yet."),
        (
            {"status": "nurturing", "returns_on": date(2027, 1, 4)},
            "Let it mature.",
            "It is in nurturing until 4 Jan 2027; a new signal brings it back.",
        ),
        (
            {"expected_close_on": date(2026, 11, 20)},
            "Set a new expected close.",
            "20 Nov has passed, so no forecast counts this deal.",
        ),
        (
            {"days_in_stage": 26, "rot_days": 21},
            "Move it or let it go.",
            "26 days in Demo, where 21 is the limit.",
        ),
        ({"outcome": "won", "closed_on": date(2026, 11, 3)}, "Won on 3 Nov.", "Ask what else they need."),
        ({"outcome": "lost", "lost_reason": "Price"}, "Lost.", "Price. Reopen it if they come back."),
        ({"outcome": "disqualified"}, "Disqualified.", "Reopen it if that was wrong."),
        (
            {"is_excluded": True},
            "Leave it.",
            "It is excluded from scoring, so it has no score and no lane.",
        ),
    ],
)
def test_each_situation_has_its_sentence(changed, headline, why):
    step = next_step(replace(WORKING, **changed))

    assert (step.headline, step.why) == (headline, why)


def test_a_late_task_comes_before_a_request_and_a_request_before_what_is_due_today():
    asked = replace(WORKING, asked="A demo was asked for", asked_on=TODAY, task="Call", task_due_on=TODAY)

    assert next_step(asked).headline == "Call now."
    assert next_step(replace(asked, task_due_on=date(2026, 11, 24))).headline == "Call."


def test_a_closed_lead_asks_for_nothing_that_was_open():
    lost = replace(WORKING, outcome="lost", task="Call", task_due_on=date(2026, 11, 1), has_owner=False)

    assert next_step(lost).headline == "Lost."
