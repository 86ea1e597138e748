"""Whether differences could be chance: against the textbook, and against plain dealing out."""

import random

import pytest

from reports.chance import chance_of


def test_equal_shares_are_as_even_as_can_be():
    found = chance_of([[(10, 10.0), (10, 10.0)]])
    assert (found.statistic, found.freedom, found.share, found.is_drawn) == (0, 1, 1, False)


def test_the_textbook_s_die_is_fair():
    """36 throws of a die: 7, 4, 6, 5, 6, 8 give a chi-square of 10/6 at 5 degrees of freedom."""
    found = chance_of([[(n, 6.0) for n in (7, 4, 6, 5, 6, 8)]])
    assert found.statistic == pytest.approx(10 / 6)
    assert found.freedom == 5
    assert found.share == pytest.approx(0.8931, abs=0.0005)


def test_the_critical_values_of_the_tables_are_met():
    for freedom, critical in [(1, 3.841), (4, 9.488), (29, 42.557)]:
        step = (critical * 1_000 / 2) ** 0.5  # two people carry the whole difference
        pairs = [(1_000 + step, 1_000.0), (1_000 - step, 1_000.0), *[(1_000, 1_000.0)] * (freedom - 1)]
        assert chance_of([pairs]).share == pytest.approx(0.05, abs=0.001)


def test_pools_are_compared_apart_and_added():
    one, other = [(12, 10.0), (8, 10.0)], [(30, 20.0), (10, 20.0)]
    both = chance_of([one, other])
    assert both.statistic == pytest.approx(chance_of([one]).statistic + chance_of([other]).statistic)
    assert both.freedom == 2


def test_few_leads_are_dealt_out_by_lot_as_plain_python_does():
    found = chance_of([[(4, 2.0), (0, 2.0)]])
    dice, times = random.Random(1), 20_000
    as_large = sum(abs(sum(dice.random() < 0.5 for _ in range(4)) - 2) >= 2 for _ in range(times))
    assert found.is_drawn
    assert found.share == pytest.approx(as_large / times, abs=0.015)
    assert found.share == pytest.approx(2 / 16, abs=0.015)


def test_the_same_figures_always_give_the_same_chance():
    assert chance_of([[(3, 2.0), (1, 2.0)]]) == chance_of([[(3, 2.0), (1, 2.0)]])


@pytest.mark.parametrize("shared", [[], [[]], [[(4, 4.0)]], [[(0, 0.0), (3, 3.0)]]])
def test_without_anybody_to_share_with_there_is_nothing_to_compare(shared):
    assert chance_of(shared) is None
