"""The funnel of X Education's leads, which are closed without a date."""

import csv
from collections import Counter

import pytest
from django.db import transaction

from tests.api import program_of
from tests.factories import UserFactory
from tests.imports import EXAMPLES, REAL_DATA, needs_real_data, run_command

FILE = REAL_DATA / "xeducation" / "Leads.csv"

pytestmark = [pytest.mark.real_data, pytest.mark.django_db, needs_real_data]


@pytest.fixture(scope="module")
def office(django_db_setup, django_db_blocker):
    """An administrator, after the import; all is taken back after the last test."""
    with django_db_blocker.unblock(), transaction.atomic():
        run_command("import_leads", FILE, EXAMPLES / "xeducation.toml")
        yield UserFactory(username="ada", role="Administrator", is_staff=True)
        transaction.set_rollback(True)


@pytest.fixture
def ask(office):
    program = program_of(office)
    return lambda **asked: program.get("/reports/funnel", pipeline="xeducation", **asked)


def as_spelled():
    """Converted and all leads of each source, in the words of the file."""
    with FILE.open(encoding="utf-8-sig", newline="") as file:
        rows = [(row["Lead Source"], row["Converted"] == "1") for row in csv.DictReader(file)]
    converted = Counter(source for source, is_won in rows if is_won)
    return {source: (converted[source], number) for source, number in Counter(s for s, _ in rows).items()}


def test_closed_leads_without_a_date_stand_in_the_funnel(ask):
    answer = ask()
    assert (answer["won"], answer["lost"], answer["entered"]) == (3_561, 5_679, 9_240)
    assert round(answer["win_rate"], 4) == 0.3854
    (enquiry,) = answer["stages"]
    assert [enquiry[name] for name in ("entered", "lost", "here", "advanced")] == [9_240, 5_679, 0, 3_561]


def test_by_source(ask):
    found = {part["name"]: (part["won"], part["entered"]) for part in ask(split="source")["parts"]}
    spelled = as_spelled()
    assert spelled["Google"] == (1_147, 2_868)
    google = tuple(map(sum, zip(spelled.pop("Google"), spelled.pop("google"), strict=True)))
    assert found.pop("Google") == google  # the mapping puts both spellings together
    assert (found["Welingak Website"], found["Reference"]) == ((140, 142), (490, 534))
    assert found.pop("No source") == spelled.pop("")
    assert found == spelled


def test_a_source_against_all_others(ask):
    rate = ask(source="Reference", against="source:~rest")["comparison"]["win_rate"]
    assert (rate["ours"]["part"], rate["ours"]["whole"]) == (490, 534)
    assert (rate["theirs"]["part"], rate["theirs"]["whole"]) == (3_561 - 490, 9_240 - 534)
    assert rate["chance"] < 0.01
