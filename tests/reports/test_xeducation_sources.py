"""X Education's leads by source and by origin, through page, file and API."""

import csv

import pytest
from django.db import transaction
from django.test import Client

from leads.models import User
from tests.api import program_of
from tests.factories import UserFactory
from tests.imports import EXAMPLES, REAL_DATA, learn_sizes, needs_real_data, run_command
from tests.reports.pages import reader

pytestmark = [pytest.mark.real_data, pytest.mark.django_db, needs_real_data]

ORIGIN = "lead.custom.lead_origin"


@pytest.fixture(scope="module")
def office(django_db_setup, django_db_blocker):
    """An administrator, after the import; all is taken back after the last test."""
    with django_db_blocker.unblock(), transaction.atomic():
        run_command("import_leads", REAL_DATA / "xeducation" / "Leads.csv", EXAMPLES / "xeducation.toml")
        learn_sizes()
        yield UserFactory(username="ada", role="Administrator", is_staff=True)
        transaction.set_rollback(True)


@pytest.fixture
def answer(office):
    return program_of(office).get("/reports/sources", split=ORIGIN)


@pytest.fixture
def look(office):
    return reader(Client(), User.objects.get(pk=office.pk))


def won_of(lines):
    return {line["name"]: (line["won"], line["leads"]) for line in lines}


def test_by_source(answer):
    found = won_of(answer["sources"])
    assert found["Welingak Website"] == (140, 142)
    assert found["Reference"] == (490, 534)
    assert found["Olark Chat"] == (448, 1_755)
    assert found["Google"][1] == 2_873  # 2,868 as spelled, and five “google”
    assert answer["total"]["leads"] == sum(leads for _, leads in found.values()) == 9_240
    assert round(answer["total"]["win_rate"], 4) == 0.3854


def test_by_origin_which_the_mapping_keeps_in_a_custom_field(answer, look):
    found = won_of(answer["split"])
    assert found["Lead Add Form"] == (664, 718)
    assert found["Landing Page Submission"] == (1_768, 4_886)
    assert found["API"] == (1_115, 3_580)
    page = look(f"/reports/sources/?split={ORIGIN}")
    assert all(words in page for words in ("By Lead Origin", "1,768", "4,886"))


def test_a_number_opens_its_leads(answer, look):
    key = next(line["key"] for line in answer["sources"] if line["name"] == "Reference")
    assert "490 leads" in look(f"/reports/sources/deals/?show=won&slice={key}")
    assert "664 leads" in look(f"/reports/sources/deals/?split={ORIGIN}&slice==Lead+Add+Form&show=won")


def test_without_a_cost_there_are_dashes_and_no_infinity(answer, look):
    assert all(line["cost"] is None and line["returned"] is None for line in answer["sources"])
    rows = list(csv.DictReader(look("/reports/sources/csv/").splitlines()))
    assert {row["Cost per won"] for row in rows} == {""}
    assert "inf" not in look("/reports/sources/").replace("info", "")
