"""Scores and proposals from counted entries: no database."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.reliability import gather, propose, shifted
from tests.reports import calibrated

outcomes = st.lists(st.tuples(st.integers(0, 100), st.booleans()), min_size=1, max_size=120)


def gathered(judged):
    return gather((percent, 1, int(won)) for percent, won in judged)


@given(judged=outcomes)
def test_the_brier_score_is_reliability_minus_resolution_plus_uncertainty(judged):
    found = gathered(judged)
    assert found.brier == pytest.approx(float(calibrated.brier(judged)), abs=1e-12)
    for part, wanted in zip(
        (found.reliability, found.resolution, found.uncertainty), calibrated.parts(judged), strict=True
    ):
        assert part == pytest.approx(float(wanted), abs=1e-12)
    assert found.reliability - found.resolution + found.uncertainty == pytest.approx(found.brier, abs=1e-12)


@given(judged=outcomes)
def test_the_identity_holds_exactly_in_whole_numbers(judged):
    reliability, resolution, uncertainty = calibrated.parts(judged)
    assert reliability - resolution + uncertainty == calibrated.brier(judged)
    squares = sum(one.squares for one in gathered(judged).bins)
    assert Fraction(squares, 10_000 * len(judged)) == calibrated.brier(judged)


@given(judged=outcomes)
def test_the_interval_is_that_of_wilson(judged):
    found = gathered(judged)
    wanted = calibrated.interval(found.won, found.entries)
    assert found.interval == (pytest.approx(wanted[0], abs=1e-9), pytest.approx(wanted[1], abs=1e-9))


@given(judged=outcomes, base=st.integers(1, 99))
def test_a_proposal_is_the_formula_rounded_once(judged, base):
    assert propose(base, gathered(judged)) == calibrated.proposed(base, judged)


@pytest.mark.parametrize(("entries", "proposal"), [(19, None), (20, 30), (180, 22)])
def test_few_deals_move_a_base_less_and_under_twenty_not_at_all(entries, proposal):
    """A base of 40 % of which 20 % came: half the way with 20 deals, nine tenths with 180."""
    assert propose(40, gather([(40, entries, entries // 5)])) == proposal


@pytest.mark.parametrize(("base", "percent", "won", "proposal"), [(40, 95, 0, 1), (60, 10, 50, 99)])
def test_a_proposal_stays_between_one_and_ninety_nine(base, percent, won, proposal):
    assert propose(base, gather([(percent, 50, won)])) == proposal


def test_a_half_is_rounded_up():
    assert propose(10, gather([(10, 20, 4)])) == 15  # 10 + 20/40 × 10
    assert propose(10, gather([(9, 20, 2)])) == 11  # 10 + 20/40 × 1


def test_nothing_says_nothing():
    found = gather([])
    assert (found.win_rate, found.interval, found.brier, found.reliability, found.gap) == (None,) * 5
    assert not found.is_off


def test_a_higher_base_moves_every_percentage_but_not_past_the_ends():
    moved = shifted(gather([(10, 5, 1), (95, 5, 4), (99, 1, 1)]), 10)
    assert [(one.percent, one.entries, one.won) for one in moved.bins] == [(20, 5, 1), (99, 6, 5)]


def test_a_confidence_within_the_interval_is_not_called_off():
    assert not gather([(50, 20, 8)]).is_off
    assert gather([(50, 200, 60)]).is_off
    assert gather([(50, 200, 60)]).gap == pytest.approx(-0.2)
