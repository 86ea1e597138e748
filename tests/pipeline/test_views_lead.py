"""The lead's page and panel, and every change that is made from it."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from leads.actions import NewActivity, answer_question, log_activity
from leads.models import Activity, ActivityKind, Answer, Lead, Organisation, Task
from leads.models.activities import Origin
from leads.organisation import today
from pipeline.actions import drain_confidence, move_deal, set_confidence
from pipeline.models import Deal, LostReason, Stage
from scoring.actions import exclude_lead
from scoring.explain import explain
from scoring.pending import drain_scores
from tests.factories import (
    ActivityFactory,
    AnswerFactory,
    CompanyFactory,
    ContactFactory,
    CustomFieldFactory,
    LeadFactory,
    ProductFactory,
    ProductLineFactory,
    QuestionFactory,
    TaskFactory,
)

HTMX = {"HX-Request": "true"}


@pytest.fixture
def pages(client, alice):
    client.force_login(alice)
    return client


@pytest.fixture
def marta(alice) -> Lead:
    company = CompanyFactory(name="Norrland Timber", employees=620, industry="Wood and paper")
    contact = ContactFactory(
        first_name="Marta",
        last_name="Lindqvist",
        company=company,
        job_title="Head of Operations",
        seniority="manager",
    )
    return LeadFactory(owner=alice, contact=contact, pain="Unplanned stops")


@pytest.fixture
def scored(marta) -> Lead:
    ActivityFactory(lead=marta, kind__key="demo_request")
    drain_scores([marta.pk])
    drain_confidence([marta.pk])
    return Lead.objects.get(pk=marta.pk)


def text_of(response) -> str:
    return response.content.decode().replace("\N{NO-BREAK SPACE}", " ")


# ---- the page


def test_the_page_says_who_it_is_and_what_to_do(pages, scored):
    page = text_of(pages.get(f"/leads/{scored.pk}/"))

    assert "<h1>Marta Lindqvist</h1>" in page
    assert "Head of Operations" in page
    assert "Norrland Timber" in page
    assert "<b>Call now.</b> A demo was asked for today, and nobody has answered yet." in page
    assert "Unplanned stops" in page
    assert "Wood and paper" in page


def test_every_group_and_line_of_the_score_is_on_the_page(pages, scored):
    explanation = explain(scored)
    page = text_of(pages.get(f"/leads/{scored.pk}/"))

    assert f'<div class="pl-scale__n">{explanation.total}' in page
    for group in explanation.groups[:-1]:
        assert group.name in page
        for line in group.lines:
            assert (line.rule or line.reason) in page


def test_the_score_of_a_past_day_is_explained(pages, scored):
    yesterday = today() - timedelta(days=1)

    assert "Not scored on that day" in text_of(pages.get(f"/leads/{scored.pk}/?at={yesterday:%Y-%m-%d}"))
    assert "As of" in text_of(pages.get(f"/leads/{scored.pk}/?at={today():%Y-%m-%d}"))


@pytest.mark.parametrize(
    ("at", "sentence"),
    [("soon", "“soon” is no date such as"), ("2999-01-01", "Nobody knows a score on a day still to come.")],
)
def test_a_day_that_cannot_be_explained_is_said_beside_the_score(pages, scored, at, sentence):
    assert sentence in text_of(pages.get(f"/leads/{scored.pk}/?at={at}"))


def test_an_excluded_lead_says_why_it_has_no_score(pages, scored, admin):
    exclude_lead(scored, why="Competitor", by=admin)
    drain_scores([scored.pk])

    page = text_of(pages.get(f"/leads/{scored.pk}/"))

    assert "Excluded from scoring" in page
    assert "Competitor" in page
    assert "<b>Leave it.</b>" in page


def test_confidence_by_hand_stands_beside_the_automatic_one_with_its_reason(pages, scored, alice):
    set_confidence(scored.deal, 70, reason="The CFO told me", by=alice)

    page = text_of(pages.get(f"/leads/{scored.pk}/"))

    assert "Set by hand" in page
    assert "“The CFO told me”" in page
    assert "Release to 10 %" in page
    assert "Stage: Qualify" in page


def test_people_tasks_questions_and_custom_fields_are_shown(pages, marta):
    CustomFieldFactory(key="plants", label="Plants")
    Lead.objects.filter(pk=marta.pk).update(attributes={"plants": 4})
    TaskFactory(lead=marta, title="Send figures", due_on=today() - timedelta(days=1))
    AnswerFactory(lead=marta, question=QuestionFactory(text="Is there a budget?"), value=True)
    QuestionFactory(text="Who signs?")

    page = text_of(pages.get(f"/leads/{marta.pk}/"))

    assert "<b>Send figures.</b> It was due yesterday." in page
    assert "1 of 2 answered" in page
    assert "Who signs?" in page
    assert "<dt>Plants</dt>" in page.replace("\n", "")


def test_the_timeline_holds_what_happened_and_turns_back_page_by_page(pages, scored, alice):
    ActivityFactory.create_batch(25, lead=scored, kind__key="page_view", url="https://x.example/pricing")
    move_deal(scored.deal, to=Stage.objects.get(key="demo"), by=alice)

    page = text_of(pages.get(f"/leads/{scored.pk}/"))

    assert "Moved from Qualify to Demo" in page
    assert "Page viewed: /pricing" in page
    assert "Demo requested" not in page[page.index('id="timeline"') :]
    older = text_of(pages.get(f"/leads/{scored.pk}/timeline/?page=2", headers=HTMX))
    assert "Demo requested" in older
    assert "<html" not in older
    sales = text_of(pages.get(f"/leads/{scored.pk}/timeline/?shown=sales", headers=HTMX))
    assert "Page viewed" not in sales
    assert "Moved from Qualify to Demo" in sales


def test_htmx_gets_the_panel_when_it_asks_for_the_panel(pages, scored):
    panel = text_of(pages.get(f"/leads/{scored.pk}/", headers={**HTMX, "HX-Target": "lead-panel"}))
    body = text_of(pages.get(f"/leads/{scored.pk}/", headers={**HTMX, "HX-Target": "lead"}))

    assert "<html" not in panel + body
    assert f'data-lead="{scored.pk}"' in panel
    assert 'id="timeline"' not in panel
    assert 'id="timeline"' in body


def test_another_reps_lead_is_not_there(pages, charlie):
    hidden = LeadFactory(owner=charlie)

    for address in (
        "",
        "timeline/",
        "fresh/",
        "edit/",
        "move/",
        "win/",
        "lose/",
        "deal/",
        "status/",
        "owner/",
    ):
        assert pages.get(f"/leads/{hidden.pk}/{address}").status_code == 404, address


def test_a_full_page_costs_fewer_than_twelve_queries_however_much_there_is(
    pages, scored, alice, django_assert_max_num_queries
):
    address = f"/leads/{scored.pk}/"
    pages.get(address)
    with django_assert_max_num_queries(11) as little:
        pages.get(address)
    ActivityFactory.create_batch(30, lead=scored)
    TaskFactory.create_batch(5, lead=scored)
    for _ in range(3):
        AnswerFactory(lead=scored)
    set_confidence(scored.deal, 70, reason="x", by=alice)
    CustomFieldFactory(key="plants")
    Lead.objects.filter(pk=scored.pk).update(attributes={"plants": 4})
    with django_assert_max_num_queries(11) as much:
        pages.get(address)

    assert len(much) == len(little)


def test_while_news_waits_the_page_asks_until_the_score_is_there(pages, scored):
    log_activity(NewActivity(scored.pk, "download", timezone.now()), by=None, origin=Origin.API)
    now = int(timezone.now().timestamp())

    assert f'hx-get="/leads/{scored.pk}/fresh/?since=' in text_of(pages.get(f"/leads/{scored.pk}/"))
    assert pages.get(f"/leads/{scored.pk}/fresh/?since={now}").status_code == 204
    late = pages.get(f"/leads/{scored.pk}/fresh/?since={now - 11}")
    assert "nothing was lost" in text_of(late)
    drain_scores([scored.pk])
    drain_confidence([scored.pk])
    assert "lead-changed" in pages.get(f"/leads/{scored.pk}/fresh/?since={now}")["HX-Trigger"]
    assert "/fresh/" not in text_of(pages.get(f"/leads/{scored.pk}/"))


# ---- changes


def test_a_change_answers_htmx_with_news_and_a_browser_with_the_page(pages, marta):
    address, demo = f"/leads/{marta.pk}/move/", Stage.objects.get(key="demo")

    by_htmx = pages.post(address, {"stage": demo.pk}, headers=HTMX)
    by_browser = pages.post(address, {"stage": Stage.objects.get(key="proposal").pk})

    assert by_htmx.status_code == 204
    assert '"toast": {"text": "Marta Lindqvist moved to Demo"}' in by_htmx["HX-Trigger"]
    assert by_browser["Location"] == f"/leads/{marta.pk}/"
    assert Deal.objects.get(pk=marta.pk).stage.key == "proposal"


def test_each_change_is_asked_for_in_a_dialog_or_on_a_page(pages, marta):
    for address in (
        "move",
        "win",
        "lose",
        "reopen",
        "deal",
        "confidence",
        "activity",
        "task",
        "status",
        "owner",
    ):
        assert "<html" not in text_of(pages.get(f"/leads/{marta.pk}/{address}/", headers=HTMX)), address
        assert "<html" in text_of(pages.get(f"/leads/{marta.pk}/{address}/")), address


def test_a_stage_of_another_pipeline_is_refused_where_the_user_is(pages, marta):
    answer = pages.post(f"/leads/{marta.pk}/move/", {"stage": 999_999}, headers=HTMX)

    assert answer.status_code == 422
    assert "This stage is not one of the deal&#x27;s pipeline." in text_of(answer)


def test_a_move_from_a_stale_page_is_refused_with_what_happened_meanwhile(pages, marta, alice):
    qualify, demo, proposal = (Stage.objects.get(key=key) for key in ("qualify", "demo", "proposal"))
    move_deal(marta.deal, to=demo, by=alice)

    answer = pages.post(f"/leads/{marta.pk}/move/", {"stage": proposal.pk, "seen": qualify.pk}, headers=HTMX)

    assert answer.status_code == 409
    assert "Marta Lindqvist has been moved to Demo meanwhile." in text_of(answer)
    assert Deal.objects.get(pk=marta.pk).stage == demo


def test_a_lead_is_won_and_reopened(pages, marta):
    pages.post(f"/leads/{marta.pk}/win/", {"closed_on": today().isoformat(), "note": ""})
    page = text_of(pages.get(f"/leads/{marta.pk}/"))
    pages.post(f"/leads/{marta.pk}/reopen/", {"stage": Stage.objects.get(key="demo").pk})

    assert "Won on" in page
    assert "Reopen" in page
    lead = Lead.objects.get(pk=marta.pk)
    assert (lead.outcome, lead.deal.stage.key) == ("open", "demo")


def test_a_lead_is_lost_only_with_a_reason(pages, marta):
    address = f"/leads/{marta.pk}/lose/"
    other = LostReason.objects.get(key="other")

    without = pages.post(address, {"closed_on": today().isoformat()}, headers=HTMX)
    unexplained = pages.post(address, {"reason": other.pk, "closed_on": today().isoformat()}, headers=HTMX)
    pages.post(address, {"reason": other.pk, "note": "They moved", "closed_on": today().isoformat()})

    assert without.status_code == 422
    assert unexplained.status_code == 409
    assert "needs a note" in text_of(unexplained)
    assert Deal.objects.get(pk=marta.pk).lost_note == "They moved"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"value": "-1"}, "A value is never below 0."),
        ({"value": "a lot"}, "Enter a number."),
        ({"value": "9" * 20}, "no more than 14 digits in total"),
        ({"currency": "euro"}, "Three capital letters, such as EUR."),
        ({"expected_close_on": "31 Feb"}, "This is no date."),
        ({"product": "999999"}, "not one of the available choices"),
    ],
)
def test_bad_facts_of_a_deal_are_said_beside_their_field_and_not_stored(pages, marta, typed, sentence):
    good = {"value": "48000", "currency": "EUR", "expected_close_on": "2026-12-01"}

    answer = pages.post(f"/leads/{marta.pk}/deal/", good | typed, headers=HTMX)

    assert answer.status_code == 422
    assert sentence in text_of(answer)
    assert Deal.objects.get(pk=marta.pk).value is None


def test_a_deal_is_edited_in_its_place(pages, alice):
    line = ProductLineFactory()
    product = ProductFactory(product_line=line)
    lead = LeadFactory(owner=alice, product_line=line)

    form = text_of(pages.get(f"/leads/{lead.pk}/deal/", headers=HTMX))
    answer = pages.post(
        f"/leads/{lead.pk}/deal/",
        {"value": "48000", "currency": "EUR", "product": product.pk, "expected_close_on": "2026-12-01"},
        headers=HTMX,
    )

    assert 'id="lead-deal"' in form
    assert answer.status_code == 204
    deal = Deal.objects.get(pk=lead.pk)
    assert (deal.value, deal.product, deal.close_estimated) == (Decimal(48_000), product, False)


def test_confidence_is_set_with_a_reason_and_released(pages, scored):
    address = f"/leads/{scored.pk}/confidence/"

    too_much = pages.post(address, {"percent": 101, "reason": "x"}, headers=HTMX)
    without = pages.post(address, {"percent": 70}, headers=HTMX)
    pages.post(address, {"percent": 70, "reason": "The CFO told me"}, headers=HTMX)
    by_hand = Deal.objects.get(pk=scored.pk)
    pages.post(f"/leads/{scored.pk}/release/", headers=HTMX)

    assert "between 0 and 100 %" in text_of(too_much)
    assert (too_much.status_code, without.status_code) == (422, 422)
    assert (by_hand.confidence, by_hand.confidence_source) == (70, "manual")
    assert Deal.objects.get(pk=scored.pk).confidence_source == "automatic"


def test_an_activity_is_logged_once_however_often_the_form_is_sent(pages, marta):
    typed = {
        "kind": "call", "occurred_at": timezone.now().strftime("%Y-%m-%dT%H:%M"), "minutes": 12,
        "note": "Wants figures", "key": "page:1",
    }  # fmt: skip

    first = pages.post(f"/leads/{marta.pk}/activity/", typed, headers=HTMX)
    second = pages.post(f"/leads/{marta.pk}/activity/", typed, headers=HTMX)

    assert (first.status_code, second.status_code) == (204, 409)
    call = Activity.objects.get(kind__key="call")
    assert (call.duration_seconds, call.properties) == (720, {"note": "Wants figures"})
    assert Lead.objects.get(pk=marta.pk).status == "working"


def test_an_activity_in_the_future_is_refused_in_the_dialog(pages, marta):
    tomorrow = (timezone.now() + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")

    answer = pages.post(
        f"/leads/{marta.pk}/activity/",
        {"kind": "call", "occurred_at": tomorrow, "key": "page:1"},
        headers=HTMX,
    )

    assert answer.status_code == 409
    assert "This lies in the future. Plan a task instead." in text_of(answer)
    assert not Activity.objects.filter(kind__key="call").exists()


def test_the_time_of_an_activity_is_the_organisations(pages, marta):
    Organisation.objects.update(time_zone="Asia/Kolkata")
    pages.post(
        f"/leads/{marta.pk}/activity/", {"kind": "call", "occurred_at": "2026-11-02T01:00", "key": "page:1"}
    )

    call = Activity.objects.get(kind__key="call")
    assert call.occurred_at.isoformat() == "2026-11-01T19:30:00+00:00"
    assert call.occurred_on.isoformat() == "2026-11-02"


def test_tasks_are_added_and_ticked_off_and_log_what_they_were_for(pages, marta):
    call = ActivityKind.objects.get(key="call")
    pages.post(f"/leads/{marta.pk}/task/", {"title": "Call back", "due_on": "2026-12-01", "kind": call.pk})
    task = Task.objects.get()
    done = pages.post(f"/leads/{marta.pk}/task/{task.pk}/done/", headers=HTMX)
    again = pages.post(f"/leads/{marta.pk}/task/{task.pk}/done/", headers=HTMX)

    assert (done.status_code, again.status_code) == (204, 409)
    assert "is done already" in text_of(again)
    assert Activity.objects.filter(kind=call).count() == 1


def test_a_status_is_changed_and_disqualifying_needs_a_reason(pages, marta):
    address = f"/leads/{marta.pk}/status/"

    pages.post(address, {"status": "nurturing"})
    nurturing = Lead.objects.get(pk=marta.pk).status
    refused = pages.post(address, {"status": "disqualified"}, headers=HTMX)
    pages.post(address, {"status": "disqualified", "reason": "Student"})

    assert nurturing == "nurturing"
    assert (refused.status_code, "Say why" in text_of(refused)) == (409, True)
    assert Lead.objects.get(pk=marta.pk).outcome == "disqualified"


def test_a_rep_gives_a_lead_to_a_colleague_but_not_to_another_team(pages, marta, bob, charlie):
    address = f"/leads/{marta.pk}/owner/"

    refused = pages.post(address, {"owner": charlie.pk}, headers=HTMX)
    pages.post(address, {"owner": bob.pk})

    assert refused.status_code == 422
    assert Lead.objects.get(pk=marta.pk).owner == bob


def test_questions_are_answered_with_the_control_that_suits_them(pages, marta, alice):
    budget = QuestionFactory(type="yes_no")
    timeframe = QuestionFactory(type="choice", choices=["This year", "Later"])
    mills = QuestionFactory(type="number")
    day = QuestionFactory(type="date")
    address = f"/leads/{marta.pk}/answer/"

    pages.post(f"{address}{budget.pk}/", {"value": "false"})
    pages.post(f"{address}{timeframe.pk}/", {"value": "Later"})
    pages.post(f"{address}{mills.pk}/", {"value": "4"})
    pages.post(f"{address}{day.pk}/", {"value": "2026-12-01"})

    assert set(Answer.objects.values_list("value", flat=True)) == {False, "Later", 4, "2026-12-01"}
    assert pages.post(f"{address}{timeframe.pk}/", {"value": "Never"}, headers=HTMX).status_code == 422
    answer_question(marta, budget, None, by=alice)
    assert "Later" in text_of(pages.get(f"{address}{timeframe.pk}/"))


def test_a_question_of_another_product_line_is_not_there(pages, marta):
    other = QuestionFactory(product_line=ProductLineFactory())

    assert pages.get(f"/leads/{marta.pk}/answer/{other.pk}/").status_code == 404
