"""Two funnels side by side: what the address asks, the shares and their chance, and the words for it."""

from datetime import date

import pytest

from reports.comparison import Contrast, Share
from reports.findings.comparison import comparison_finding, in_points, likelihood
from reports.forms.funnel import FunnelDealsForm, FunnelForm
from reports.periods import Span, before, year_before
from tests.reports.facts import LOST, WON, Fact, write

pytestmark = pytest.mark.django_db

MAY, JUNE = date(2026, 5, 10), date(2026, 6, 10)
IN_JUNE = {"start": "2026-06-01", "end": "2026-06-30"}


def contrast(part, whole, other, rest):
    return Contrast("Demo", Share(part, whole), Share(other, rest))


@pytest.fixture
def compare(admin, people):
    """The comparison that an address asks for, of twenty deals in June and twenty in May."""
    write([Fact(created=JUNE, outcome=WON, closed_owner=0, source="Fair", stages=("demo",))] * 18, people)
    write([Fact(created=JUNE, outcome=LOST, closed_owner=1, source="Web", stages=("demo",))] * 2, people)
    write([Fact(created=MAY, outcome=WON, closed_owner=0, source="Web", stages=("demo",))] * 4, people)
    write([Fact(created=MAY, outcome=LOST, closed_owner=1, role="user", stages=("demo",))] * 16, people)

    def of(**asked):
        form = FunnelForm(asked, user=admin)
        assert form.is_valid(), form.errors
        return form.report().comparison

    return of


def sides(comparison):
    names = (comparison.against.own_name, comparison.against.name)
    return [(name, side.won, side.entered) for name, (_, side) in zip(names, comparison.sides, strict=True)]


def test_without_a_word_nothing_is_compared(compare):
    assert compare() is None


@pytest.mark.parametrize(
    ("asked", "wanted"),
    [
        (IN_JUNE | {"against": "previous"}, [("Jun 2026", 18, 20), ("May 2026", 4, 20)]),
        (IN_JUNE | {"against": "year"}, [("Jun 2026", 18, 20), ("Jun 2025", 0, 0)]),
        (
            IN_JUNE | {"against_start": "2026-05-01", "against_end": "2026-05-31"},
            [("Jun 2026", 18, 20), ("May 2026", 4, 20)],
        ),
        ({"source": "Fair", "against": "source:Web"}, [("Fair", 18, 18), ("Web", 4, 6)]),
        ({"source": "Fair", "against": "source:none"}, [("Fair", 18, 18), ("No source", 0, 16)]),
        ({"source": "Fair", "against": "source:~rest"}, [("Fair", 18, 18), ("all but Fair", 4, 22)]),
        ({"owner": "alice", "against": "owner:bob"}, [("Alice Abel", 22, 22), ("Bob Berg", 0, 18)]),
        ({"role": "user", "against": "role:none"}, [("Will use it", 0, 16), ("No role", 22, 24)]),
        ({"pain": "Slow", "against": "pain:none"}, [("Slow", 0, 0), ("No pain", 22, 40)]),
        ({"band": "none", "against": "band:hot"}, [("Not scored then", 22, 40), ("Hot", 0, 0)]),
    ],
)
def test_periods_and_segments_are_compared(compare, asked, wanted):
    assert sides(compare(**asked)) == wanted


def test_stages_are_compared_by_what_advanced(compare):
    found = compare(**IN_JUNE, against="previous")
    demo = found.stages[2]
    assert (demo.ours, demo.theirs, demo.stage) == (Share(18, 20), Share(4, 20), "demo")
    assert demo.difference == pytest.approx(0.7)
    assert found.widest == demo
    assert found.win_rate.chance == pytest.approx(8.6e-6, rel=0.05)


def test_each_side_has_its_deals(admin, compare):
    compare()
    asked = IN_JUNE | {"against": "previous", "passed": "lost", "stage": "demo"}
    for side, number in (("ours", 2), ("theirs", 16)):
        form = FunnelDealsForm(asked | {"side": side}, user=admin)
        assert form.is_valid()
        assert form.deals().count() == number


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"against": "previous"}, "Choose a first and a last day; then compare"),
        ({"against": "last"}, "“last” is not known here. Choose previous, year, or a segment"),
        ({"against": "city:Lund"}, "“city:Lund” is not known here."),
        ({"against": "source:Web"}, "Filter by source first"),
        ({"source": "Fair", "against": "source:Moon"}, "There is no source “Moon” among those"),
        ({"source": "Fair", "against": "source:Fair"}, "Fair is compared with itself."),
        ({"pain": "Slow", "against": "pain:"}, "There is no pain “” among those"),
        (IN_JUNE | {"against_start": "2026-05-01"}, "Choose a first and a last day of both"),
        (IN_JUNE | {"against_start": "2026-05-02", "against_end": "2026-05-01"}, "before it begins"),
        (IN_JUNE | {"against_start": "2026-05-02", "against_end": "2026-06-01"}, "Both periods share days."),
    ],
)
def test_what_cannot_be_compared_is_refused_in_a_sentence(admin, compare, asked, sentence):
    form = FunnelForm(asked, user=admin)
    assert not form.is_valid()
    assert sentence in str(form.errors["against"])


def test_a_manager_cannot_compare_with_another_teams_rep(manager, people):
    form = FunnelForm({"owner": "alice", "against": "owner:charlie"}, user=manager)
    assert not form.is_valid()
    assert "There is no rep “charlie” among those that you can see." in str(form.errors["against"])


def test_what_there_is_to_compare_with_follows_from_what_is_asked(admin, compare):
    for asked, labels in [
        ({}, ["This quarter with the last", "This year with the last"]),
        (IN_JUNE, ["The period before", "The same days a year before"]),
        ({"band": "hot"}, ["All but Hot", "Warm", "Cold", "Dead", "Not scored then"]),
    ]:
        form = FunnelForm(asked, user=admin)
        assert form.is_valid()
        found = [choice.label for choice in form.choices]
        assert found[-len(labels) :] == labels


@pytest.mark.parametrize(
    ("shares", "words"),
    [
        ((90, 100, 40, 100), "hardly chance, under 1\N{NO-BREAK SPACE}%"),
        ((60, 100, 45, 100), "unlikely chance, 3\N{NO-BREAK SPACE}%"),
        ((50, 100, 45, 100), "may well be chance, 48\N{NO-BREAK SPACE}%"),
        ((9, 10, 1, 10), "hardly chance, under 1\N{NO-BREAK SPACE}%"),
        ((8, 8, 0, 8), "too few to tell"),
        ((1, 100, 2, 100), "too few to tell"),
        ((0, 0, 0, 0), "too few to tell"),
        ((5, 5, 0, 0), "too few to tell"),
    ],
)
def test_chance_is_said_in_plain_words(shares, words):
    assert likelihood(contrast(*shares)) == words


@pytest.mark.parametrize(
    ("difference", "words"), [(0.0812, "+8.1"), (-0.03, "−3.0"), (0.0001, "0.0"), (None, "–")]
)
def test_differences_are_in_points(difference, words):
    assert in_points(difference) == words


def test_the_finding_names_both_sides_the_chance_and_the_stage(compare):
    said = comparison_finding(compare(**IN_JUNE, against="previous")).replace("\N{NO-BREAK SPACE}", " ")
    assert "Jun 2026: 90.0 % of the closed are won, 20.0 % for May 2026." in said
    assert "The difference of +70.0 points: hardly chance, under 1 %." in said
    assert "They differ most in <b>Demo</b>: 90 % advanced against 20 %" in said


def test_the_finding_says_what_is_still_open(compare, people):
    write([Fact(created=JUNE)] * 10, people)
    said = comparison_finding(compare(**IN_JUNE, against="previous")).replace("\N{NO-BREAK SPACE}", " ")
    assert "But 33 % against 0 % are still open" in said


def test_the_finding_admits_that_one_side_closed_nothing(compare):
    assert "one side has closed nothing" in comparison_finding(compare(**IN_JUNE, against="year"))


@pytest.mark.parametrize(
    ("span", "earlier", "a_year_before"),
    [
        (
            Span(date(2026, 4, 1), date(2026, 6, 30)),
            Span(date(2026, 1, 1), date(2026, 3, 31)),
            Span(date(2025, 4, 1), date(2025, 6, 30)),
        ),
        (
            Span(date(2026, 3, 3), date(2026, 3, 9)),
            Span(date(2026, 2, 24), date(2026, 3, 2)),
            Span(date(2025, 3, 3), date(2025, 3, 9)),
        ),
        (
            Span(date(2025, 2, 1), date(2025, 2, 28)),
            Span(date(2025, 1, 1), date(2025, 1, 31)),
            Span(date(2024, 2, 1), date(2024, 2, 29)),
        ),
        (
            Span(date(2024, 2, 29), date(2024, 2, 29)),
            Span(date(2024, 2, 28), date(2024, 2, 28)),
            Span(date(2023, 2, 28), date(2023, 2, 28)),
        ),
    ],
)
def test_earlier_spans_are_as_long(span, earlier, a_year_before):
    assert before(span) == earlier
    assert year_before(span) == a_year_before
