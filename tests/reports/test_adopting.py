"""Adopting proposals on the page of calibration."""

import pytest

from pipeline.models import PendingConfidence, Stage
from tests.reports.facts import LOST, write
from tests.reports.test_calibration import deal

pytestmark = pytest.mark.django_db

ADOPT = "/reports/calibration/adopt/"


@pytest.fixture
def _book(people):
    """Demo and Proposal came less often than they said; a deal stands in Demo."""
    paths = [((50, 40), (50, 60))] * 30
    lost = [deal(LOST, stages=("demo", "proposal"), confidences=path) for path in paths]
    write([*lost, deal("open", closed_on=None)], people)
    PendingConfidence.objects.all().delete()


def base(key):
    return Stage.objects.get(key=key).confidence


@pytest.mark.usefixtures("_book")
def test_one_click_adopts_one_stage_and_its_open_deals_follow(client, admin):
    client.force_login(admin)
    assert 'value="demo:40:16"' in client.get("/reports/calibration/").content.decode()
    answer = client.post(f"{ADOPT}?split=team", {"adopt": "demo:40:16"}, follow=True)
    assert answer.redirect_chain == [("/reports/calibration/?split=team", 302)]
    page = answer.content.decode()
    assert "Adopted: Demo 40 → 16 %. 1 open deal follows in the background." in page
    assert "Changes of the base" in page
    assert "Ada Adler" in page
    assert (base("demo"), base("proposal")) == (16, 60)
    assert PendingConfidence.objects.count() == 1


@pytest.mark.usefixtures("_book")
def test_all_proposals_are_adopted_together(client, admin):
    client.force_login(admin)
    client.post(ADOPT, {"adopt": ["demo:40:16", "proposal:60:24"]})
    assert (base("demo"), base("proposal")) == (16, 24)


@pytest.mark.usefixtures("_book")
@pytest.mark.parametrize(
    ("sent", "asked", "answered"),
    [
        ("demo:45:16", "", (409, "Demo has a base of 40 % by now, not of 45 %.")),
        ("demo:40:17", "", (422, "The proposal for Demo is 16 % by now.")),
        ("negotiation:80:50", "", (422, "The proposal for Negotiation is none by now.")),
        ("signing:40:16", "", (422, "There is no such proposal.")),
        ("demo:x:16", "", (422, "There is no such proposal.")),
        ("", "", (422, "There is no such proposal.")),
        ("demo:40:16", "?team=North", (422, "Drop the filters to adopt them.")),
        ("demo:40:16", "?owner=zoe", (422, "There is no owner")),
    ],
)
def test_what_was_not_proposed_is_refused(client, admin, sent, asked, answered):
    client.force_login(admin)
    answer = client.post(ADOPT + asked, {"adopt": sent})
    assert answer.status_code == answered[0]
    assert answered[1] in answer.content.decode()
    assert base("demo") == 40


@pytest.mark.usefixtures("_book")
def test_nothing_chosen_is_said(client, admin):
    client.force_login(admin)
    assert "Choose a proposal to adopt." in client.post(ADOPT).content.decode()


@pytest.mark.usefixtures("_book")
def test_those_who_may_not_edit_stages_see_proposals_and_adopt_none(client, manager, alice):
    for user in (manager, alice):
        client.force_login(user)
        assert "16" in client.get("/reports/calibration/").content.decode()
        assert client.post(ADOPT, {"adopt": "demo:40:16"}).status_code == 403
    assert base("demo") == 40
