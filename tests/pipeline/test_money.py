"""Values in the organisation's currency: the rate of the day that counts, and what no rate converts."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from pipeline.actions.nightly import median_cycle
from pipeline.models import Deal, Pipeline
from tests.factories_pipeline import DealFactory, ExchangeRateFactory

pytestmark = pytest.mark.django_db

TODAY = date(2026, 6, 15)


def money(deal):
    return Deal.objects.with_money("EUR", TODAY).get(pk=deal.pk)


def dollars(value=100, **facts):
    return DealFactory(value=Decimal(value), currency="USD", **facts)


def test_a_lead_worth_ten_thousand_at_twenty_percent_is_two_thousand():
    deal = money(DealFactory(value=Decimal(10_000), currency="EUR", confidence=20))
    assert (deal.converted, deal.weighted) == (10_000, 2_000)


@pytest.mark.parametrize(
    ("closed_on", "converted"),
    [(None, 95), (date(2026, 2, 1), 90), (date(2026, 1, 31), 80), (date(2026, 6, 15), 95)],
)
def test_the_rate_is_the_latest_on_or_before_the_day_that_counts(closed_on, converted):
    for valid_from, rate in (
        (date(2026, 1, 1), "0.8"),
        (date(2026, 2, 1), "0.9"),
        (date(2026, 6, 15), "0.95"),
        (date(2026, 6, 16), "7"),
    ):
        ExchangeRateFactory(valid_from=valid_from, rate=Decimal(rate))
    ExchangeRateFactory(currency="GBP", valid_from=date(2026, 6, 15), rate=Decimal(9))
    outcome = "won" if closed_on else "open"
    deal = money(dollars(lead__outcome=outcome, lead__closed_on=closed_on))
    assert deal.converted == converted


def test_a_closed_deal_whose_day_is_unknown_counts_with_todays_rate():
    ExchangeRateFactory(rate=Decimal("0.8"))
    assert money(dollars(lead__outcome="won")).converted == 80


def test_what_no_rate_converts_is_null():
    ExchangeRateFactory(valid_from=TODAY + timedelta(days=1))
    lost, fine, empty = dollars(), DealFactory(value=Decimal(5), currency="EUR"), DealFactory()
    assert (money(lost).converted, money(lost).weighted) == (None, None)
    assert money(fine).converted == 5
    assert money(empty).converted is None


def test_nothing_is_rounded_before_it_is_summed():
    ExchangeRateFactory(rate=Decimal("0.33333333"))
    deal = money(dollars(value="0.05", confidence=33))
    assert deal.weighted == Decimal("0.05") * Decimal("0.33333333") * 33 / 100


def test_the_median_cycle_is_measured_on_the_last_years_won_deals():
    pipeline = Pipeline.objects.get(key="default")
    entered = date(2026, 3, 1)

    def win(days, outcome="won", entered=entered):
        DealFactory(
            entered_at=f"{entered}T12:00Z",
            lead__outcome=outcome,
            lead__closed_on=entered + timedelta(days=days),
        )

    for days in range(1, 20):
        win(days)
    assert median_cycle(pipeline, TODAY) == 60
    win(30)
    for _ in range(30):
        win(50, outcome="lost")
        win(80, entered=date(2024, 1, 1))
    assert median_cycle(pipeline, TODAY) == 10
