"""What the drawn score says, to the eye and to a screen reader."""

import pytest
from django.template import Context, Template

pytestmark = pytest.mark.django_db
SCORE = "total=89 fit=470 engagement=418 sign='hot' band='Hot' grade='A1'"


def render(source, **context):
    return Template("{% load scoring %}" + source).render(Context(context))


def test_the_mark_has_sign_figure_and_bar():
    drawn = render("{% score_mark " + SCORE + " %}")
    assert "pl-dot--hot" in drawn
    assert '<span class="pl-score__n">89</span>' in drawn
    assert 'aria-label="Hot, 89 of 100: fit 47.0, engagement 41.8"' in drawn
    assert 'x="48.0" y="3" width="40.8"' in drawn


def test_the_team_chooses_what_stands_for_the_figure():
    for display, shown in (("grade", "A1"), ("words", "Hot"), ("percent", "89\N{NO-BREAK SPACE}%")):
        drawn = render("{% score_mark " + SCORE + " display=display %}", display=display)
        assert f'<span class="pl-score__n">{shown}</span>' in drawn


def test_points_taken_away_are_an_outline_and_are_spoken():
    drawn = render("{% score_mark total=16 fit=-120 engagement=280 sign='cold' band='Cold' %}")
    assert 'class="pl-m-lost" x="16.0"' in drawn
    assert "fit minus 12.0" in drawn


def test_notches_stand_where_the_bands_of_the_model_start():
    drawn = render("{% score_mark " + SCORE + " notches=notches %}", notches=[0, 25, 60])
    assert drawn.count("pl-m-tick") == 2
    assert "M25.5" in drawn


def test_a_lead_without_a_score_says_why():
    nothing = "total=None fit=None engagement=None"
    assert "Excluded" in render("{% score_mark " + nothing + " state='excluded' %}")
    assert "Not scored yet" in render("{% score_mark " + nothing + " state='unscored' %}")


def test_the_scale_drops_its_line_at_the_total_and_names_the_bands():
    drawn = render(
        "{% score_scale total=89 fit=470 engagement=418 bands=bands %}", bands=[("Dead", 0), ("Hot", 70)]
    )
    assert '<svg x="88.8%"' in drawn
    assert "Hot starts at 70" in drawn
    assert "Dead" not in drawn


def test_confidence_set_by_hand_keeps_a_tick_at_the_automatic_value():
    by_hand = render("{% confidence value=50 automatic=35 source='manual' %}")
    assert '<svg x="35%"' in by_hand
    assert "set by hand; automatic would be 35 percent" in by_hand
    automatic = render("{% confidence value=35 automatic=35 source='automatic' %}")
    assert "pl-c-auto" not in automatic
    assert "Confidence 35 percent, automatic" in automatic


def test_no_confidence_is_a_dash():
    assert "–" in render("{% confidence value=None automatic=None source='automatic' %}")


def test_a_group_fills_its_share_of_the_maximum():
    assert 'width="36.0"' in render("{% cap_bar points=75 maximum=15 kind='fit' %}")
    assert "is-neg" in render("{% cap_bar points=-75 maximum=15 kind='engagement' %}")
    assert render("{% cap_bar points=0 maximum=0 kind='fit' %}").count("<rect") == 1
