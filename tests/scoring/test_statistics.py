"""Figures of a backtest, against the plainest way to get each of them."""

import random
from itertools import pairwise, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring import statistics

LEADS = st.lists(st.tuples(st.integers(-1, 100), st.booleans()), min_size=2, max_size=60).filter(
    lambda leads: len({won for _, won in leads}) == 2
)


def sample_of(leads):
    return statistics.tally([score for score, _ in leads], [won for _, won in leads])


@given(LEADS)
def test_auc_is_the_share_of_pairs_in_the_right_order(leads):
    won = [score for score, is_won in leads if is_won]
    lost = [score for score, is_won in leads if not is_won]
    right = sum((high > low) + (high == low) / 2 for high, low in product(won, lost))
    assert statistics.auc(sample_of(leads)) == pytest.approx(right / (len(won) * len(lost)))


def test_auc_needs_both_outcomes():
    assert statistics.auc(statistics.tally([1, 2], [True, True])) is None
    assert statistics.auc_interval(statistics.tally([1, 2], [False, False])) is None


def test_the_interval_is_the_same_every_time_and_holds_the_value():
    dice = random.Random(1)
    leads = [(dice.randint(0, 60) + 15 * won, won) for won in (True, False) for _ in range(200)]
    first, second = (statistics.auc_interval(sample_of(leads)) for _ in range(2))
    assert first == second
    assert first.low < first.value < first.high


def test_the_interval_agrees_with_drawing_leads_one_by_one():
    dice = random.Random(2)
    won = [dice.randint(20, 90) for _ in range(80)]
    lost = [dice.randint(0, 70) for _ in range(120)]
    drawn = []
    for _ in range(400):
        again = [(score, True) for score in dice.choices(won, k=80)]
        again += [(score, False) for score in dice.choices(lost, k=120)]
        drawn.append(statistics.auc(sample_of(again)))
    drawn.sort()
    interval = statistics.auc_interval(sample_of([(s, True) for s in won] + [(s, False) for s in lost]))
    assert interval.low == pytest.approx(drawn[10], abs=0.012)
    assert interval.high == pytest.approx(drawn[-11], abs=0.012)


@given(LEADS)
def test_tenths_hold_every_lead_and_every_win_once(leads):
    slices = statistics.tenths_of_leads(sample_of(leads))
    assert sum(part.leads for part in slices) == len(leads)
    assert sum(part.won for part in slices) == pytest.approx(sum(won for _, won in leads))
    assert all(better.lowest >= worse.highest for better, worse in pairwise(slices))


def test_leads_of_equal_score_share_their_wins():
    leads = [(50, place < 4) for place in range(10)]
    assert [part.won for part in statistics.tenths_of_leads(sample_of(leads))] == pytest.approx([0.4] * 10)


def test_the_best_tenth_is_lifted_over_the_rest():
    leads = [(90, True)] * 9 + [(90, False)] + [(10, True)] * 11 + [(10, False)] * 79
    best = statistics.tenths_of_leads(sample_of(leads))[0]
    assert (best.leads, best.rate, best.lift) == (10, pytest.approx(0.9), pytest.approx(4.5))


@given(LEADS)
def test_precision_and_recall_are_counted_from_the_threshold_up(leads):
    for row in statistics.thresholds(sample_of(leads)):
        called = [won for score, won in leads if score >= row.score]
        assert (row.leads, row.won) == (len(called), sum(called))
        assert row.precision == sum(called) / len(called)
        assert row.recall == sum(called) / sum(won for _, won in leads)


def test_the_threshold_for_a_precision_is_the_lowest_that_reaches_it():
    leads = [(80, True)] * 4 + [(80, False)] + [(40, True)] * 3 + [(40, False)] * 3 + [(0, False)] * 9
    rows = statistics.thresholds(sample_of(leads))
    found = statistics.threshold_for(0.8, rows)
    assert (found.score, found.precision) == (41, 0.8)
    assert statistics.threshold_for(0.9, rows) is None


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"),
    [(0, 10, 0.0, 0.2775), (5, 10, 0.2366, 0.7634), (140, 142, 0.9501, 0.9961), (0, 0, 0.0, 1.0)],
)
def test_wilson_intervals_are_those_of_the_tables(part, whole, low, high):
    assert statistics.wilson(part, whole) == (pytest.approx(low, abs=5e-4), pytest.approx(high, abs=5e-4))


def test_many_comparisons_are_corrected():
    assert statistics.corrected([0.01, 0.04, 0.03, 0.5]) == pytest.approx([0.04, 0.16 / 3, 0.16 / 3, 0.5])
    assert statistics.corrected([]) == []


def test_excluded_leads_stand_below_every_threshold():
    rows = statistics.thresholds(statistics.tally([statistics.EXCLUDED, 0], [True, False]))
    assert [(row.score, row.leads, row.won) for row in rows] == [(0, 1, 0)]
