"""What a deal is about: given while adding, changed later, recorded each time."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from leads.actions import LeadGone
from leads.models import Lead, Organisation
from leads.organisation import today
from pipeline.actions import DealFacts, DealStart, FactsWrong, set_deal, set_deals, start_deals
from pipeline.actions.births import NoPipeline
from pipeline.models import Deal, DealChange, Pipeline, Stage
from tests.factories import LeadFactory, ProductFactory, ProductLineFactory
from tests.factories_pipeline import DealFactory, PipelineFactory, StageFactory
from tests.statements import statements_of

pytestmark = pytest.mark.django_db


class TestBirth:
    def test_a_deal_is_born_in_the_first_stage_of_the_default_pipeline(self):
        Organisation.objects.update(currency="CHF")
        deal = DealFactory()
        assert (deal.stage.key, deal.stage.pipeline.key, deal.currency) == ("qualify", "default", "CHF")
        assert (deal.confidence, deal.automatic_confidence, deal.confidence_source) == (10, 10, "automatic")
        assert (deal.value, deal.entered_at) == (None, None)

    def test_its_product_lines_own_pipeline_comes_first(self):
        line = ProductLineFactory()
        own = PipelineFactory(product_line=line, is_default=True)
        first = StageFactory(pipeline=own, order=1, confidence=25)
        StageFactory(pipeline=own, order=2)
        StageFactory(pipeline=PipelineFactory(product_line=line), order=0)
        assert (DealFactory(lead__product_line=line).stage, DealFactory().stage.key) == (first, "qualify")

    def test_a_pipeline_without_stages_takes_no_leads(self):
        line = ProductLineFactory()
        PipelineFactory(product_line=line, is_default=True)
        assert DealFactory(lead__product_line=line).stage.key == "qualify"

    def test_without_any_pipeline_the_lead_is_refused_and_not_stored(self):
        Stage.objects.all().delete()
        with pytest.raises(NoPipeline, match="Add a default pipeline"):
            LeadFactory()
        assert not Lead.objects.exists()

    def test_it_expects_to_close_after_the_median_cycle(self):
        first = DealFactory()
        Pipeline.objects.update(cycle_days=23)
        second = DealFactory()
        assert [deal.expected_close_on - today() for deal in (first, second)] == [
            timedelta(days=60),
            timedelta(days=23),
        ]
        assert first.close_estimated
        assert not first.value_estimated


class TestFacts:
    def test_each_change_is_recorded_with_both_sides(self, alice):
        pump, valve = ProductFactory(name="Pump"), ProductFactory(name="Valve")
        deal = DealFactory(product=pump, expected_close_on=date(2026, 5, 1))
        set_deal(
            deal,
            value=Decimal("48000.505"),
            currency="USD",
            product_id=valve.pk,
            expected_close_on=date(2026, 6, 1),
            by=alice,
        )
        deal = Deal.objects.get(pk=deal.pk)
        assert (deal.value, deal.currency, deal.product) == (Decimal("48000.51"), "USD", valve)
        assert list(DealChange.objects.values_list("field", "before", "after", "by")) == [
            ("value", "", "48000.51", alice.pk),
            ("currency", "EUR", "USD", alice.pk),
            ("product", "Pump", "Valve", alice.pk),
            ("expected_close_on", "2026-05-01", "2026-06-01", alice.pk),
        ]

    def test_what_is_not_given_stays_and_none_empties(self, alice):
        deal = DealFactory(value=Decimal(500), expected_close_on=date(2026, 5, 1))
        deal = set_deal(deal, expected_close_on=None, by=alice)
        assert (deal.value, deal.expected_close_on) == (Decimal(500), None)

    def test_what_a_person_gives_is_no_estimate_unless_it_says_so(self, alice):
        deal = DealFactory(value_estimated=True)
        deal = set_deal(deal, value=Decimal(5), expected_close_on=date(2026, 5, 1), by=alice)
        assert (deal.value_estimated, deal.close_estimated) == (False, False)
        assert set_deal(deal, value=Decimal(6), value_estimated=True, by=alice).value_estimated

    def test_the_same_again_is_no_change(self, alice):
        deal = DealFactory(value=Decimal(500))
        set_deal(deal, value=Decimal("500.00"), by=alice)
        assert not DealChange.objects.exists()

    @pytest.mark.parametrize(
        ("facts", "sentence"),
        [
            ({"value": Decimal(-1)}, "A value is between 0 and"),
            ({"value": Decimal(10) ** 12}, "A value is between 0 and"),
            ({"value": Decimal("9" * 30)}, "A value is between 0 and"),
            ({"value": Decimal("999999999999.999")}, "A value is between 0 and"),
            ({"value": Decimal("NaN")}, "A value is between 0 and"),
            ({"value": Decimal("Infinity")}, "A value is between 0 and"),
            ({"currency": "euro"}, "not “euro”"),
            ({"product_id": 0}, "There is no such product."),
            ({"expected_close_on": date(9999, 1, 1)}, "between 1990 and 2099"),
            ({"expected_close_on": date(1989, 12, 31)}, "between 1990 and 2099"),
        ],
    )
    def test_what_cannot_be_is_refused_and_nothing_stored(self, alice, facts, sentence):
        deal = DealFactory()
        with pytest.raises(FactsWrong, match=sentence):
            set_deal(deal, by=alice, **facts)
        assert Deal.objects.get(pk=deal.pk).value is None
        assert not DealChange.objects.exists()

    def test_a_row_that_is_refused_never_loses_the_others(self, alice):
        deal = DealFactory()
        rows = [DealFacts(0, value=Decimal(1)), DealFacts(deal.pk, value=Decimal(2))]
        refused = set_deals(rows, by=alice)
        assert [(row.index, row.refusal) for row in refused] == [(0, LeadGone)]
        assert Deal.objects.get(pk=deal.pk).value == 2

    def test_twenty_deals_cost_as_many_statements_as_one(self, alice):
        product = ProductFactory()
        deals = [DealFactory() for _ in range(21)]

        def change(some):
            rows = [DealFacts(deal.pk, value=Decimal(9), product_id=product.pk) for deal in some]
            return lambda: set_deals(rows, by=alice)

        one = statements_of(change(deals[:1]))
        assert statements_of(change(deals[1:])) == one


class TestStart:
    def test_a_value_or_a_confidence_makes_a_lead_working_and_nothing_else_does(self, alice):
        valued, guessed, plain = LeadFactory(), LeadFactory(), LeadFactory()
        rows = [
            DealStart(valued.pk, value=Decimal(100)),
            DealStart(guessed.pk, confidence=30),
            DealStart(plain.pk, currency="USD"),
        ]
        assert start_deals(rows, by=alice) == []
        statuses = Lead.objects.order_by("pk").values_list("status", flat=True)
        assert list(statuses) == ["working", "working", "new"]
        assert Deal.objects.get(pk=guessed.pk).confidence == 30
        assert Deal.objects.get(pk=plain.pk).entered_at is None

    def test_a_row_is_taken_as_a_whole_or_not_at_all(self, alice):
        lead = LeadFactory()
        refused = start_deals([DealStart(lead.pk, value=Decimal(100), confidence=101)], by=alice)
        assert [row.message for row in refused] == ["A confidence is between 0 and 100 %, not 101."]
        assert Deal.objects.get(pk=lead.pk).value is None
        assert Lead.objects.get(pk=lead.pk).status == "new"
