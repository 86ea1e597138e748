"""The lengths of the score mark: what is filled is the total."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.marks import Notch, Segment, scale_notches, score_bar, score_curve

tenths = st.integers(-2000, 2000)


def test_fit_comes_first_then_engagement():
    bar = score_bar(470, 418)
    assert (bar.fit, bar.engagement, bar.lost) == (Segment(0, 47.0), Segment(47.0, 41.8), Segment(88.8, 0))


def test_a_gap_is_taken_from_engagement_not_added():
    assert score_bar(470, 418, gap=1).engagement == Segment(48.0, 40.8)


def test_a_negative_fit_shortens_engagement_and_leaves_an_outline():
    bar = score_bar(-120, 280)
    assert (bar.fit, bar.engagement, bar.lost) == (Segment(0, 0), Segment(0, 16.0), Segment(16.0, 12.0))


def test_a_negative_engagement_shortens_fit():
    bar = score_bar(140, -80)
    assert (bar.fit, bar.engagement.length, bar.lost) == (Segment(0, 6.0), 0, Segment(6.0, 8.0))


def test_more_than_a_hundred_ends_at_a_hundred():
    bar = score_bar(600, 700)
    assert (bar.fit.length, bar.engagement.length, bar.lost.length) == (60.0, 40.0, 0)


@given(fit=tenths, engagement=tenths)
def test_what_is_filled_ends_at_the_clamped_total(fit, engagement):
    bar = score_bar(fit, engagement)
    total = min(max(fit + engagement, 0), 1000) / 10
    assert bar.total == total
    assert bar.fit.length + bar.engagement.length == pytest.approx(total)
    assert round(total + bar.lost.length, 1) <= 100


def test_labels_turn_left_or_give_way_where_there_is_no_room():
    assert scale_notches([("Hot", 70), ("Warm", 40), ("Cold", 10), ("Dead", 0)]) == [
        Notch(10, "Cold", "right"),
        Notch(40, "Warm", "right"),
        Notch(70, "Hot", "right"),
    ]
    assert [notch.side for notch in scale_notches([("a", 60), ("b", 70), ("c", 90)])] == [
        "left",
        "right",
        "none",
    ]


def test_a_curve_starts_at_its_first_day_and_lasts_until_today():
    changes = [(date(2025, 6, 1), 270, 60), (date(2025, 7, 20), 470, 418), (date(2025, 8, 1), None, None)]
    assert score_curve(changes, since=date(2025, 7, 16), until=date(2025, 10, 14)) == [
        ("2025-07-16", 27.0, 6.0),
        ("2025-07-20", 47.0, 41.8),
        ("2025-08-01", 0.0, 0.0),
        ("2025-10-14", 0.0, 0.0),
    ]
    assert score_curve([], since=date(2025, 7, 16), until=date(2025, 10, 14)) == []
