"""More about a score on the lead's page: what moved it, two days line by line, other product lines."""

from datetime import timedelta

import pytest
from django.utils import timezone

from leads.actions import NewActivity, log_activity, review_activity, work_leads
from leads.models import Lead, Organisation
from leads.models.activities import Origin
from leads.organisation import today
from scoring.actions import rescore_leads
from scoring.marks import shown_as
from scoring.models import LeadScore, ScoreDay, ScoringModel
from scoring.pending import drain_scores
from tests.factories import LeadFactory, QuestionFactory
from tests.scored import score

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def pages(client, alice):
    client.force_login(alice)
    return client


@pytest.fixture
def lead(alice) -> Lead:
    lead = LeadFactory(owner=alice, created_at=timezone.now() - timedelta(days=60))
    moment = timezone.now() - timedelta(days=1)
    log_activity(NewActivity(lead.pk, "demo_request", moment), by=None, origin=Origin.API)
    drain_scores([lead.pk])
    return Lead.objects.get(pk=lead.pk)


def text_of(response) -> str:
    return response.content.decode().replace("\N{NO-BREAK SPACE}", " ")


def test_two_days_are_compared_line_by_line(pages, lead):
    first, last = today() - timedelta(days=5), today()
    page = text_of(pages.get(f"/leads/{lead.pk}/compare/?from={first}&to={last}"))
    part = text_of(pages.get(f"/leads/{lead.pk}/compare/?from={first}&to={last}", headers=HTMX))

    assert "Demo requested" in part
    assert "new · Direct contact" in part
    assert "<html" in page
    assert "<html" not in part


def test_the_days_may_come_in_any_order_and_a_bad_one_is_said(pages, lead):
    first, last = today() - timedelta(days=5), today()
    turned = text_of(pages.get(f"/leads/{lead.pk}/compare/?from={last}&to={first}"))
    bad = text_of(pages.get(f"/leads/{lead.pk}/compare/?from=soon"))
    later = text_of(pages.get(f"/leads/{lead.pk}/compare/?to=2999-01-01"))

    assert "Demo requested" in turned
    assert "“soon” is no date" in bad
    assert "Nobody knows a score on a day still to come." in later


def test_two_days_without_a_difference_say_so(pages, lead):
    day = today() - timedelta(days=3)

    assert "No line differs" in text_of(pages.get(f"/leads/{lead.pk}/compare/?from={day}&to={day}"))


def test_the_curve_says_what_moved_the_score(pages, lead, alice):
    ScoreDay.objects.filter(lead=lead).delete()
    model, now = ScoringModel.objects.active().get(product_line=None), today()
    given = {"lead": lead, "model": model, "state": "scored", "fit": 100, "engagement": 100}
    ScoreDay.objects.create(day=now - timedelta(days=9), total=0, **given)
    ScoreDay.objects.create(day=now - timedelta(days=1), total=20, **given)
    ScoreDay.objects.create(day=now, total=10, **given)
    before = text_of(pages.get(f"/leads/{lead.pk}/"))
    review_activity(lead.activities.get(kind__key="demo_request"), trust="rejected", by=alice)
    after = text_of(pages.get(f"/leads/{lead.pk}/"))

    assert "+20: Demo requested" in before
    assert "Time passed" in before
    assert "A signal reviewed" in after
    assert f"compare/?from={now - timedelta(days=1)}&amp;to={now}" in before


def test_other_product_lines_stand_beside_its_own(pages, lead):
    page = text_of(pages.get(f"/leads/{lead.pk}/models/"))

    assert "Its own" in page
    assert "Best fit" in page


def test_everybody_reads_how_leads_are_scored(pages):
    page = text_of(pages.get("/scoring/"))

    assert "Demo requested" in page
    assert "Personal attention" in page
    assert "halves every 30 days" in page


def test_without_a_live_model_the_page_says_so(pages):
    ScoringModel.objects.update(status="retired")

    assert "No scoring model is live" in text_of(pages.get("/scoring/?model=7"))


@pytest.mark.parametrize(
    ("display", "shown"), [("points", "63"), ("percent", "63 %"), ("grade", "B2"), ("words", "Warm")]
)
def test_the_team_chooses_how_a_score_is_shown_everywhere(pages, lead, display, shown):
    work_leads([lead.pk], by=None)
    score(lead, 63, band="warm")
    Organisation.objects.update(score_display=display)

    for address in ("/leads/", "/board/", f"/companies/{lead.company_id}/"):
        assert f'<span class="pl-score__n">{shown}</span>' in text_of(pages.get(address)), address
    rescore_leads([lead.pk])
    stored = LeadScore.objects.select_related("band").get(pk=lead.pk)
    expected = shown_as(display, stored.total, grade=stored.grade, band=stored.band.name)
    expected = expected.replace("\N{NO-BREAK SPACE}", " ")
    assert f'<div class="pl-scale__n">{expected}<small>' in text_of(pages.get(f"/leads/{lead.pk}/"))
    panel = pages.get(f"/leads/{lead.pk}/", headers={**HTMX, "HX-Target": "lead-panel"})
    assert f'<div class="pl-scale__n">{expected}<small>' in text_of(panel)


def test_questions_are_answered_in_their_place(pages, lead):
    budget = QuestionFactory(text="Is there a budget?", type="yes_no")
    few = QuestionFactory(text="When?", type="choice", choices=["This year", "Later"])
    QuestionFactory(text="How many mills?", type="number")
    QuestionFactory(text="Since when?", type="date")
    page = text_of(pages.get(f"/leads/{lead.pk}/"))

    assert 'name="value" value="true">Yes</button>' in page
    assert 'name="value" value="This year"' in page
    assert 'type="number" step="any"' in page
    pages.post(f"/leads/{lead.pk}/answer/{budget.pk}/", {"value": "true"}, headers=HTMX)
    answer = pages.post(f"/leads/{lead.pk}/answer/{few.pk}/", {"value": "Later"}, headers=HTMX)
    assert answer.status_code == 204
    assert "2 of 4 answered" in text_of(pages.get(f"/leads/{lead.pk}/"))
