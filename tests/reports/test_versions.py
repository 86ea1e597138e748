"""Before and after a version: which days, whose leads, and what is said while there is little."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leads.models import Lead, Organisation, ProductLine
from reports.effectiveness import effectiveness
from reports.findings.effectiveness import changes_besides, version_finding
from reports.forms.effectiveness import EffectivenessDealsForm, EffectivenessForm
from scoring.models import ScoringModel
from tests.factories import ProductLineFactory, SourceFactory
from tests.reports import scoring_oracle as oracle
from tests.reports.facts import LOST, NOON, OPEN, WON
from tests.reports.scored_facts import Life, lives, morning, write_lives

pytestmark = pytest.mark.django_db

BEGAN = datetime(2026, 1, 15, 12, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def versions(db):
    """The default went live on 15 January, five months ago."""
    ScoringModel.objects.update(active_from=BEGAN)


@pytest.fixture
def pumps() -> ProductLine:
    return ProductLineFactory(name="Pumps")


def went_live(began, *, line=None, version=2, **fields):
    return ScoringModel.objects.create(
        name="B2B default", version=version, product_line=line, active_from=began, status="retired", **fields
    )


def compare(user, **asked):
    """The comparisons, the newest version first, and the days within which nine of ten deals closed."""
    form = EffectivenessForm({"window": "30", **asked}, user=user)
    assert form.is_valid(), form.errors
    report = effectiveness(user, form.query())
    return report.comparisons, report.maturity


def entered(day, outcome, days=10, **fields):
    """A life that began after or before the version went live, and closed so many days later."""
    on = (BEGAN + day * DAY).date()
    closed_on = None if outcome == OPEN else on + days * DAY
    return Life(outcome=outcome, created=on, entered=on, closed_on=closed_on, **fields)


def test_equal_days_on_both_sides_are_compared(admin, people):
    before = [entered(-3, WON), entered(-29, LOST), entered(-31, WON)]
    after = [entered(1, WON), entered(29, WON), entered(29, OPEN), entered(31, LOST)]
    write_lives([*before, *after], people)
    (comparison,), maturity = compare(admin)
    assert (comparison.window.days, maturity) == (30, 10)
    assert said(comparison.before) == (2, 0, 1, 1)
    assert said(comparison.after) == (3, 1, 2, 0)
    assert comparison.before.end == comparison.after.start == BEGAN


def said(side):
    return side.entered, side.open, side.outcomes.won, side.outcomes.lost


def test_a_window_ends_where_another_version_of_the_line_went_live(admin, people, pumps):
    went_live(BEGAN + 12 * DAY)
    went_live(BEGAN + 9 * DAY, line=pumps, version=1)
    write_lives([entered(-3, WON), entered(3, LOST)], people)
    comparisons, _ = compare(admin)
    assert [comparison.window.days for comparison in comparisons] == [12, 30, 12]
    assert changes_besides(comparisons[0]) == ["B2B default, version 1 went live"]


def test_leads_too_young_to_have_closed_shorten_both_sides(admin, people):
    write_lives([entered(-3, WON), entered(3, LOST, days=130)], people)
    (comparison,), maturity = compare(admin)
    assert maturity == 118  # between 10 and 130
    assert comparison.window.days == 30


def test_a_version_that_is_too_young_says_from_when_on_it_is_compared(admin, people):
    ScoringModel.objects.update(active_from=NOON - 5 * DAY)
    write_lives([entered(-3, WON), entered(3, LOST)], people)
    (comparison,), maturity = compare(admin)
    assert (comparison.before, comparison.after, comparison.win_rate) == (None, None, None)
    assert version_finding(comparison, maturity) == (
        "Too young: nine of ten deals close within 10 days. It can be compared from 27 Jun."
    )


@pytest.mark.parametrize(
    ("book", "sentence"),
    [
        ([], "Nothing has closed yet, so that nobody knows how long a deal takes."),
        ([entered(3, LOST)], "On one side nothing has closed."),
        (
            [entered(-3, WON)] * 9 + [entered(-3, LOST)] + [entered(3, LOST)] * 9 + [entered(3, WON)],
            "The win rate changed by −80.0 points: hardly chance, under 1\N{NO-BREAK SPACE}%.",
        ),
    ],
)
def test_what_the_two_sides_say(admin, people, book, sentence):
    write_lives(book, people)
    (comparison,), maturity = compare(admin)
    assert version_finding(comparison, maturity) == sentence


def test_two_versions_within_a_week_cannot_be_told_apart(admin, people):
    went_live(BEGAN + 3 * DAY)
    write_lives([entered(-3, WON), entered(5, LOST)], people)
    comparisons, maturity = compare(admin)
    sentence = "Another version of this line went live within 7 days."
    assert [version_finding(one, maturity) for one in comparisons] == [sentence, sentence]


def test_a_line_with_a_version_of_its_own_is_not_the_defaults(admin, people, pumps):
    went_live(BEGAN - 300 * DAY, line=pumps, version=1, active_to=BEGAN - 290 * DAY)
    went_live(BEGAN - 290 * DAY, line=pumps, version=2)
    write_lives([entered(3, WON, has_line=True), entered(3, LOST), entered(-3, LOST)], people, pumps)
    default = next(one for one in compare(admin)[0] if one.window.model.product_line is None)
    assert said(default.after) == (1, 0, 0, 1)
    ScoringModel.objects.filter(product_line=pumps).delete()
    (default,), _ = compare(admin)
    assert said(default.after) == (2, 0, 1, 1)


def test_only_versions_that_score_the_product_line_are_shown(admin, people, pumps):
    other = ProductLineFactory(name="Valves")
    went_live(BEGAN - 60 * DAY, line=pumps, version=1)
    went_live(BEGAN - 60 * DAY, line=other, version=1)
    shown = [one.window.model.product_line for one in compare(admin, product_line="Pumps")[0]]
    assert shown == [None, pumps]


def test_only_versions_of_the_period_are_shown(admin, people):
    assert compare(admin, start="2026-01-16", end="2026-02-01")[0] == []
    assert len(compare(admin, start="2026-01-15", end="2026-02-01")[0]) == 1


def test_a_source_whose_share_changed_is_named(admin, people):
    deals = write_lives([entered(day, WON) for day in (-4, -3, -2, -1, 1, 2, 3, 4)], people)
    fair = SourceFactory(name="Fair")
    Lead.objects.filter(pk__in=[deal.pk for deal in deals[3:7]]).update(source=fair)
    (comparison,), _ = compare(admin)
    assert comparison.shift.source == "Fair"
    assert changes_besides(comparison) == [
        "Fair: 25\N{NO-BREAK SPACE}% of the leads before, 75\N{NO-BREAK SPACE}% after"
    ]


@pytest.mark.parametrize("side", ["before", "after"])
def test_each_number_of_a_side_has_its_deals(admin, people, pumps, side):
    went_live(BEGAN - 60 * DAY, line=pumps, version=1)
    book = [
        entered(day, outcome, has_line=has_line)
        for day in (-40, -3, 3, 40)
        for outcome in (WON, LOST, OPEN)
        for has_line in (True, False)
    ]
    write_lives(book, people, pumps)
    for comparison in compare(admin)[0]:
        figures = getattr(comparison, side)
        numbers = {
            "entered": figures.entered,
            "pending": figures.open,
            "won": figures.outcomes.won,
            "lost": figures.outcomes.lost,
        }
        for shown, number in numbers.items():
            asked = {"show": shown, "version": comparison.window.model.pk, "side": side, "window": "30"}
            form = EffectivenessDealsForm(asked, user=admin)
            assert form.is_valid(), form.errors
            assert form.deals().count() == number


def test_a_list_of_a_version_that_is_not_compared_is_refused(admin, people):
    form = EffectivenessDealsForm({"show": "entered", "version": "999"}, user=admin)
    assert form.errors["version"] == ["There is no such version to compare here."]
    assert not EffectivenessDealsForm({"show": "pending"}, user=admin).is_valid()


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    book=st.lists(lives(), max_size=14),
    others=st.lists(st.integers(-200, 150).filter(bool), max_size=3, unique=True),
)
def test_any_two_sides_come_out_as_counted_by_hand(admin, people, book, others):
    with transaction.atomic():
        for place, day in enumerate(others):
            went_live(BEGAN + day * DAY, version=2 + place)
        write_lives(book, people)
        comparisons, maturity = compare(admin)
        transaction.set_rollback(True)
    moments = [BEGAN, *(BEGAN + day * DAY for day in others)]
    for comparison in comparisons:
        began = comparison.window.began
        days = by_hand(began, [moment for moment in moments if moment != began], maturity)
        assert comparison.window.days == days
        if days < 7:
            assert comparison.before is comparison.after is None
            continue
        for side, start in ((comparison.before, began - days * DAY), (comparison.after, began)):
            inside = [
                life for life in book if life.entered and start <= morning(life.entered) < start + days * DAY
            ]
            wanted = oracle.outcomes(inside)
            assert side.entered == len(inside)
            assert (side.outcomes.won, side.outcomes.lost) == (wanted["won"], wanted["lost"])
            assert side.outcomes.won_cycle.median == wanted["median_won"]


def by_hand(began, others, maturity):
    """The longest window of whole days, day by day."""
    days = 0
    while maturity is not None and days < 30:
        end = began + (days + 1) * DAY
        if end + maturity * DAY > NOON or any(abs(other - began) < (days + 1) * DAY for other in others):
            break
        days += 1
    return days


def test_dates_of_a_version_are_the_organisations(admin, people):
    ScoringModel.objects.update(active_from=datetime(2026, 1, 14, 23, 30, tzinfo=UTC))
    asked = {"start": "2026-01-15", "end": "2026-01-20"}
    assert compare(admin, **asked)[0] == []
    Organisation.objects.update(time_zone="Europe/Berlin")
    assert len(compare(admin, **asked)[0]) == 1
