"""The board: sums over all deals, first cards, further cards, filters."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from leads.models import Lead
from leads.organisation import today
from pipeline.board import CARDS
from pipeline.models import Deal, Stage
from tests.factories import ContactFactory, LeadFactory, TaskFactory
from tests.factories_pipeline import ExchangeRateFactory, PipelineFactory, StageFactory
from tests.scored import score

HTMX = {"HX-Request": "true"}


@pytest.fixture
def pages(client, alice):
    client.force_login(alice)
    return client


@pytest.fixture
def deal_in(alice):
    """A deal of Alice's in a stage of the default pipeline."""

    def make(stage: str = "demo", *, value: int | None = 10_000, confidence: int = 20, **fields) -> Lead:
        named = fields.pop("contact", None) or ContactFactory()
        lead = LeadFactory(owner=fields.pop("owner", alice), status="working", contact=named)
        facts = {"stage": Stage.objects.get(key=stage), "value": value, "confidence": confidence, **fields}
        Deal.objects.filter(pk=lead.pk).update(**{"stage_entered_at": timezone.now(), **facts})
        return lead

    return make


def text_of(response) -> str:
    return response.content.decode().replace("\N{NO-BREAK SPACE}", " ")


def test_a_stage_has_count_value_and_weighted_value(pages, deal_in):
    deal_in(value=10_000, confidence=20)
    deal_in(value=48_000, confidence=50)
    deal_in(value=None)

    page = text_of(pages.get("/board/"))

    assert 'Demo<span class="pl-badge">3</span>' in page
    assert "<b>€58,000</b>value" in page
    assert "<b>€26,000</b>weighted" in page
    assert "€2,000 weighted" in page


def test_sums_count_deals_whose_cards_are_not_shown_yet(pages, deal_in):
    for _ in range(CARDS + 1):
        deal_in(value=1_000, confidence=10)

    page = text_of(pages.get("/board/"))

    assert page.count('class="pl-card"') == CARDS
    assert f"<b>€{CARDS + 1},000</b>value" in page
    assert "Show more" in page


def test_further_cards_come_one_piece_at_a_time(pages, deal_in):
    for _ in range(CARDS + 3):
        deal_in()
    stage = Stage.objects.get(key="demo")

    more = text_of(pages.get(f"/board/stages/{stage.pk}/cards/?start={CARDS}", headers=HTMX))

    assert more.count('class="pl-card"') == 3
    assert "Show more" not in more
    assert "<html" not in more
    assert "<html" in text_of(pages.get(f"/board/stages/{stage.pk}/cards/?start={CARDS}"))


def test_currencies_are_converted_and_what_has_no_rate_is_said(pages, deal_in):
    ExchangeRateFactory(currency="USD", rate=Decimal("0.5"), valid_from=today())
    deal_in(value=1_000, confidence=10, currency="USD")
    deal_in(value=7_000, confidence=10, currency="JPY")

    page = text_of(pages.get("/board/"))

    assert "<b>€500</b>value" in page
    assert "1 without a rate, not in the sums" in page
    assert "$1,000" in page


def test_only_working_and_qualified_open_leads_stand_on_the_board(pages, deal_in):
    for fields in ({"status": "new"}, {"status": "nurturing"}, {"outcome": "won"}):
        Lead.objects.filter(pk=deal_in().pk).update(**fields)

    assert 'Demo<span class="pl-badge">0</span>' in text_of(pages.get("/board/"))


def test_a_card_says_what_is_next_and_warns_when_it_rots(pages, deal_in):
    rotten = deal_in(stage_entered_at=timezone.now() - timedelta(days=26))
    TaskFactory(lead=rotten, title="Send prices", due_on=today() - timedelta(days=1))
    deal_in("qualify")

    page = text_of(pages.get("/board/"))

    assert "26 days here, limit 21" in page
    assert "Send prices" in page
    assert "No next step" in page
    assert page.count("pl-card--rot") == 1


def test_the_best_score_is_on_top(pages, deal_in):
    score(deal_in(contact=ContactFactory(first_name="Low")), 20)
    score(deal_in(contact=ContactFactory(first_name="High")), 90)

    page = text_of(pages.get("/board/"))

    assert page.index("High") < page.index("Low")


def test_a_card_moves_by_its_menu(pages, deal_in):
    lead = deal_in("demo")
    proposal = Stage.objects.get(key="proposal")

    page = text_of(pages.get("/board/"))

    assert f'formaction="/leads/{lead.pk}/move/?seen={lead.deal.stage_id}"' in page
    assert f'name="stage" value="{proposal.pk}"' in page
    assert f'href="/leads/{lead.pk}/lose/"' in page


def test_filters_narrow_sums_and_cards(pages, deal_in):
    deal_in(contact=ContactFactory(first_name="Wanted"), value=1_000)
    deal_in(contact=ContactFactory(first_name="Other"), value=5_000)

    page = text_of(pages.get("/board/?q=wanted"))

    assert "Wanted" in page
    assert "Other" not in page
    assert "<b>€1,000</b>value" in page


def test_others_deals_are_not_on_the_board(pages, deal_in, charlie):
    deal_in(owner=charlie, contact=ContactFactory(first_name="Secret"))

    page = text_of(pages.get("/board/"))

    assert "Secret" not in page
    assert 'Demo<span class="pl-badge">0</span>' in page


def test_pipelines_are_chosen_when_there_are_several(pages):
    other = PipelineFactory(key="partners", name="Partners")
    StageFactory(pipeline=other, name="Signed up")

    assert "Qualify" in text_of(pages.get("/board/"))
    assert "Signed up" in text_of(pages.get("/board/?pipeline=partners"))
    assert "Qualify" in text_of(pages.get("/board/?pipeline=nonsense"))


def test_without_any_stage_the_board_says_who_adds_them(pages):
    Stage.objects.all().delete()

    assert "No pipeline has stages yet" in text_of(pages.get("/board/"))


def test_the_board_opens_at_the_first_pipeline_with_deals_that_its_reader_sees(
    pages, client, deal_in, charlie
):
    pumps = StageFactory(pipeline=PipelineFactory(name="Pumps"))
    deal_in(stage=pumps.key)

    assert pages.get("/board/").context["pipeline"] == pumps.pipeline
    assert pages.get("/board/?pipeline=default").context["pipeline"].key == "default"
    client.force_login(charlie)
    assert client.get("/board/").context["pipeline"].key == "default"
    with_one_more = deal_in()
    client.force_login(with_one_more.owner)
    assert client.get("/board/").context["pipeline"].key == "default"


def test_many_deals_cost_as_many_queries_as_one_and_fewer_than_twelve(
    pages, deal_in, django_assert_max_num_queries
):
    deal_in()
    pages.get("/board/")
    with django_assert_max_num_queries(11) as one:
        pages.get("/board/")
    for stage in ("qualify", "discovery", "demo", "proposal", "negotiation"):
        for _ in range(4):
            TaskFactory(lead=deal_in(stage))
    with django_assert_max_num_queries(11) as many:
        pages.get("/board/")

    assert len(many) == len(one)


@pytest.mark.parametrize("start", ["-1", "x", "99999999999"])
def test_a_position_that_is_none_is_the_beginning(pages, deal_in, start):
    deal_in()
    stage = Stage.objects.get(key="demo")

    assert pages.get(f"/board/stages/{stage.pk}/cards/?start={start}").status_code == 200
    assert pages.get("/board/stages/999999/cards/").status_code == 404
