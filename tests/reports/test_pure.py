"""Periods, ranges and cells of a sheet: no database."""

from datetime import date
from decimal import Decimal
from itertools import product

import pytest

from leads.exports import csv_response, plain
from reports.categories import Categories, Heap
from reports.periods import By, Span, presets, split, usual_span
from reports.ranges import Lot, simulate

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("start", "end", "label"),
    [
        (date(2025, 7, 1), date(2025, 12, 31), "Jul – Dec 2025"),
        (date(2025, 10, 1), date(2025, 10, 31), "Oct 2025"),
        (date(2026, 2, 1), date(2027, 2, 28), "Feb 2026 – Feb 2027"),
        (date(2025, 10, 14), date(2025, 11, 3), "14 Oct – 3 Nov 2025"),
    ],
)
def test_a_span_names_itself(start, end, label):
    assert Span(start, end).label == label


def test_a_span_is_split_into_months_and_quarters():
    year = Span(date(2017, 1, 1), date(2017, 12, 31))
    assert [period.key for period in split(year, By.QUARTER, 1)] == [
        "2017-Q1",
        "2017-Q2",
        "2017-Q3",
        "2017-Q4",
    ]
    months = split(Span(date(2017, 11, 30), date(2018, 1, 1)), By.MONTH, 1)
    assert [(month.key, month.start, month.end) for month in months] == [
        ("2017-11", date(2017, 11, 30), date(2017, 11, 30)),
        ("2017-12", date(2017, 12, 1), date(2017, 12, 31)),
        ("2018-01", date(2018, 1, 1), date(2018, 1, 1)),
    ]


def test_fiscal_quarters_are_named_after_the_year_in_which_it_ends():
    periods = split(Span(date(2026, 3, 1), date(2026, 4, 30)), By.QUARTER, 4)
    assert [(period.key, period.name) for period in periods] == [
        ("2026-Q4", "Q4 FY 2026"),
        ("2027-Q1", "Q1 FY 2027"),
    ]


@pytest.mark.parametrize("year_start", range(1, 13))
def test_spans_to_choose_from_hold_or_touch_today(year_start):
    assert TODAY in usual_span(TODAY, year_start)
    spans = presets(TODAY, year_start)
    assert TODAY in spans["This year"]
    assert len(spans["This year"].months) == 12
    assert spans["Last year"].end < spans["This year"].start


def test_the_same_lots_give_the_same_range():
    lots = [Lot(Decimal(10_000), 20, 5), Lot(Decimal(3000), 60)]
    assert simulate([(lots, Decimal(0))]) == simulate([(lots, Decimal(0))])


def test_a_certain_deal_has_no_spread_and_won_money_is_certain():
    (found,), total = simulate([([Lot(Decimal(5000), 100)], Decimal(700))])
    assert (found.p10, found.p50, found.p90) == (5700, 5700, 5700)
    assert total == found


def test_where_nothing_is_open_there_is_no_range():
    assert simulate([([], Decimal(700))]) == ([None], None)


def test_the_range_of_many_small_deals_is_that_of_the_normal_curve():
    lots = [Lot(Decimal(1000 + step), 50) for step in range(400)]
    (found,), _ = simulate([(lots, Decimal(0))])
    mean = sum(float(lot.value) for lot in lots) / 2
    spread = sum(float(lot.value) ** 2 / 4 for lot in lots) ** 0.5
    assert float(found.p50) == pytest.approx(mean, rel=0.01)
    assert float(found.p90) == pytest.approx(mean + 1.2816 * spread, rel=0.01)
    assert float(found.p10) == pytest.approx(mean - 1.2816 * spread, rel=0.01)


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@sum", "\tx", "\rx"])
def test_text_that_looks_like_a_formula_is_defused(text):
    assert plain(text) == f"'{text}"


def test_other_cells_stay_as_they_are():
    assert [plain(cell) for cell in ("Jul", "", Decimal(-5), None)] == ["Jul", "", Decimal(-5), None]


def test_rows_are_sent_one_by_one():
    response = csv_response("report", [["a", "b"], ["=1", 2]])
    assert b"".join(response.streaming_content) == b"a,b\r\n'=1,2\r\n"
    assert response["Content-Disposition"] == 'attachment; filename="report.csv"'


def exact_range(deals, low, high):
    """The values between which the open part lies at these quantiles, from all 2^n ends of n deals."""
    ends = []
    for closed in product((0, 1), repeat=len(deals)):
        chance = 1.0
        for (_, percent), is_closed in zip(deals, closed, strict=True):
            chance *= percent / 100 if is_closed else 1 - percent / 100
        ends.append(
            (sum(value for (value, _), is_closed in zip(deals, closed, strict=True) if is_closed), chance)
        )
    found, reached = [], 0.0
    for value, chance in sorted(ends):
        reached += chance
        while len(found) < 2 and reached >= (low, high)[len(found)]:
            found.append(value)
    return found


def test_the_range_of_twelve_deals_is_that_of_all_their_ends():
    deals = [(1000 + 370 * step, 10 + 7 * step) for step in range(12)]
    (found,), _ = simulate([([Lot(Decimal(value), percent) for value, percent in deals], Decimal(50))])
    for figure, quantile in ((found.p10, 0.1), (found.p50, 0.5), (found.p90, 0.9)):
        low, high = exact_range(deals, quantile - 0.015, quantile + 0.015)
        assert low - 5 <= figure - 50 <= high + 5, quantile  # rounded to four digits


def test_commit_best_case_and_pipeline_add_up_as_people_say_them():
    heaps = (Heap(1, Decimal(amount)) for amount in (100, 150, 200, 70))
    found = Categories(Decimal(50), *heaps)
    assert (found.commit_forecast, found.best_case_forecast, found.open_pipeline) == (150, 300, 450)
