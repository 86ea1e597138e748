"""Whether scoring works: definitions on small cases, and random lives against the oracle."""

from datetime import date, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leads.models import CustomField, Lead, Organisation
from reports.effectiveness import effectiveness
from reports.findings.effectiveness import bands_finding, effectiveness_finding
from reports.forms.effectiveness import EffectivenessDealsForm, EffectivenessForm
from reports.outcomes import Cycle, Ended, outcomes_of
from scoring.models import Band
from tests.factories import (
    CampaignFactory,
    ContactFactory,
    LeadContactFactory,
    ProductLineFactory,
    SourceFactory,
)
from tests.reports import scoring_oracle as oracle
from tests.reports.facts import DISQUALIFIED, LOST, OPEN, TODAY, WON
from tests.reports.scored_facts import Life, Scored, lives, write_lives

pytestmark = pytest.mark.django_db

JUNE, MAY = "2026-06", "2026-05"
generated = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def ask(user, **asked):
    form = EffectivenessForm(asked, user=user)
    assert form.is_valid(), form.errors
    return effectiveness(user, form.query())


def listed(user, **asked):
    """How many deals the list behind a number has."""
    form = EffectivenessDealsForm(asked, user=user)
    assert form.is_valid(), form.errors
    return form.deals().count()


def said(outcomes):
    won, lost = outcomes.won_cycle, outcomes.lost_cycle
    return {
        "won": outcomes.won,
        "lost": outcomes.lost,
        "win_rate": outcomes.win_rate,
        "filled": outcomes.filled,
        "median_won": won.median,
        "median_lost": lost.median,
        "mean_won": won.mean,
        "mean_lost": lost.mean,
    }


def quality(moment):
    keys = {band.pk: band.key for band in Band.objects.all()}
    figures = {
        name: getattr(moment.quality, name) for name in ("open", "total", "mean", "excluded", "unscored")
    }
    return figures | {"bands": {keys[pk]: leads for pk, leads in moment.quality.bands.items() if leads}}


def moments(report):
    return {moment.period.key: moment for moment in report.moments}


@generated
@given(book=st.lists(lives(), max_size=14), by=st.sampled_from(["month", "quarter"]))
def test_any_lives_come_out_as_counted_by_hand(admin, people, book, by):
    with transaction.atomic():
        write_lives(book, people)
        report = ask(admin, by=by)
        shown = [(moment, quality(moment)) for moment in report.moments if moment.quality]
        transaction.set_rollback(True)
    assert said(report.total) == pytest.approx(oracle.outcomes(book))
    for part in report.parts:
        same = [life for life in book if (life.entry_band or "none") == part.key]
        assert said(part.outcomes) == pytest.approx(oracle.outcomes(same))
    for moment, figures in shown:
        inside = [life for life in book if life.closed_on and life.closed_on in moment.period]
        assert said(moment.outcomes) == pytest.approx(oracle.outcomes(inside)), moment.period
        assert figures == oracle.quality(book, moment.period.end), moment.period
    undated = [life for life in book if life.closed_on is None]
    assert said(report.undated) == pytest.approx(oracle.outcomes(undated))
    assert (report.evidence.auc and report.evidence.auc.value) == pytest.approx(oracle.auc(book))


@generated
@given(book=st.lists(lives(), max_size=10), start=st.dates(date(2025, 6, 1), date(2026, 6, 1)))
def test_a_period_counts_what_closed_within_it(admin, people, book, start):
    end = start + timedelta(days=100)
    with transaction.atomic():
        write_lives(book, people)
        report = ask(admin, start=str(start), end=str(end), split="pain")
        transaction.set_rollback(True)
    inside = [life for life in book if life.closed_on and start <= life.closed_on <= end]
    assert said(report.total) == pytest.approx(oracle.outcomes(inside))
    for part in report.parts:
        same = [life for life in inside if (life.pain or "none") == part.key]
        assert said(part.outcomes) == pytest.approx(oracle.outcomes(same))


@given(days=st.lists(st.integers(0, 300), min_size=1))
def test_percentiles_lie_between_two_deals_where_none_stands_at_the_place(days):
    cycle = outcomes_of([Ended(WON, day, 1) for day in days]).won_cycle
    ordered, place = sorted(days), 0.9 * (len(days) - 1)
    below, above = ordered[int(place)], ordered[min(int(place) + 1, len(days) - 1)]
    assert cycle.percentile(0.9) == pytest.approx(below + (above - below) * (place - int(place)))
    if interval := cycle.interval:
        assert interval.low <= interval.value <= interval.high


def test_the_interval_of_a_median_is_the_published_one():
    """Campbell and Gardner's rule takes the 40th and the 61st of a hundred."""
    interval = Cycle(dict.fromkeys(range(1, 101), 1)).interval
    assert (interval.value, interval.low, interval.high) == (50.5, 40, 61)
    assert Cycle({1: 5}).interval is None


def test_a_deal_that_closed_before_it_entered_took_no_time(admin, people):
    write_lives([Life(outcome=WON, entered=TODAY, closed_on=TODAY - timedelta(days=9))], people)
    assert ask(admin).total.won_cycle.median == 0


def test_the_disqualified_count_nowhere(admin, people):
    write_lives([Life(outcome=DISQUALIFIED, closed_on=TODAY, entry=50)], people)
    report = ask(admin)
    assert (report.total.closed, report.evidence.scored, report.parts) == (0, 0, [])


def test_closed_deals_without_a_date_count_where_no_period_is_named(admin, people):
    write_lives([Life(outcome=WON), Life(outcome=LOST)], people)
    undated, dated = ask(admin), ask(admin, start="2026-01-01", end="2026-06-30")
    assert (undated.total.win_rate, undated.undated.closed) == (0.5, 2)
    assert (dated.total.closed, dated.undated.closed) == (0, 2)
    assert undated.latest.quality.open == 0


def test_a_score_holds_until_the_next_one_and_while_its_lead_is_open(admin, people):
    scores = (Scored(date(2026, 3, 10), 80), Scored(date(2026, 5, 2), 20))
    write_lives([Life(outcome=LOST, closed_on=date(2026, 6, 3), scores=scores)], people)
    shown = {key: quality(moment)["bands"] for key, moment in moments(ask(admin)).items()}
    assert shown["2026-02"] == {}
    assert shown["2026-03"] == shown["2026-04"] == {"hot": 1}
    assert (shown[MAY], shown[JUNE]) == ({"cold": 1}, {})


def test_a_lead_that_is_excluded_has_no_score(admin, people):
    write_lives([Life(scores=(Scored(date(2026, 3, 1), 60), Scored(date(2026, 5, 1), None)))], people)
    shown = moments(ask(admin))
    assert (shown["2026-04"].quality.total, shown["2026-04"].quality.excluded) == (60, 0)
    assert (shown[MAY].quality.total, shown[MAY].quality.excluded) == (0, 1)


def test_a_period_that_has_not_begun_has_no_quality(admin, people):
    write_lives([Life(scores=(Scored(TODAY, 50),))], people)
    report = ask(admin, start="2026-05-01", end="2026-08-31")
    assert [moment.quality is None for moment in report.moments] == [False, False, True, True]
    assert report.latest.period.key == JUNE


def test_days_are_those_of_the_organisation_also_across_a_change_of_clocks(admin, people):
    """In New York 6:00 UTC on 1 March is still in winter's time, and 3:00 UTC is the evening before."""
    Organisation.objects.update(time_zone="America/New_York")
    life = Life(outcome=WON, created=date(2026, 3, 1), entered=date(2026, 3, 1), closed_on=date(2026, 3, 31))
    (deal,) = write_lives([life], people)
    assert ask(admin).total.won_cycle.median == 30
    early = deal.entered_at.replace(hour=3)
    type(deal).objects.update(entered_at=early)
    Lead.objects.update(created_at=early)
    report = ask(admin)
    assert report.total.won_cycle.median == 31
    assert moments(report)["2026-02"].quality.open == 1


def test_deals_are_split_by_where_they_came_from_and_who_they_are(admin, people):
    deals = write_lives([Life(outcome=WON), Life(outcome=LOST), Life(outcome=LOST)], people)
    field = CustomField.objects.create(key="lead_origin", label="Lead origin")
    lead = deals[0].lead
    Lead.objects.filter(pk=lead.pk).update(
        source=SourceFactory(name="Fair"),
        campaign=CampaignFactory(name="Spring"),
        product_line=ProductLineFactory(name="Pumps"),
        attributes={"lead_origin": "Landing page"},
    )
    person = ContactFactory(seniority="Director")
    LeadContactFactory(lead=lead, contact=person, role="decider", is_first=True)
    LeadContactFactory(lead=lead, role="user", is_first=False)
    for split, name in {
        "source": "Fair",
        "campaign": "Spring",
        "product_line": "Pumps",
        "role": "Decides",
        "seniority": "Director",
        field.path: "Landing page",
    }.items():
        parts = {part.name: part for part in ask(admin, split=split).parts}
        assert list(parts) == [name, "none"]
        assert (parts[name].outcomes.won, parts["none"].outcomes.lost) == (1, 2)
        assert listed(admin, split=split, part=parts[name].key) == 1


def test_the_rarer_values_stand_in_one_row(admin, people):
    book = [Life(outcome=WON, pain=f"Pain {place:02}") for place in range(30)]
    write_lives([*book, *book[:25], Life(outcome=LOST)], people)
    parts = ask(admin, split="pain").parts
    assert [part.name for part in parts[-2:]] == ["All others", "none"]
    assert sum(part.outcomes.closed for part in parts) == 56
    assert listed(admin, split="pain", part="~rest") == parts[-2].outcomes.closed == 5


def test_each_number_has_its_deals(admin, people):
    scores = (Scored(date(2026, 4, 3), 75), Scored(date(2026, 5, 3), None))
    write_lives(
        [
            Life(outcome=WON, closed_on=date(2026, 5, 4), entry=80, scores=scores[:1]),
            Life(outcome=LOST, closed_on=date(2026, 5, 5), entry=20, filled=True),
            Life(outcome=LOST),
            Life(scores=scores),
            Life(),
        ],
        people,
    )
    report = ask(admin)
    for part in report.parts:
        assert listed(admin, show="closed", part=part.key) == part.outcomes.closed
        assert listed(admin, show="won", part=part.key) == part.outcomes.won
        assert listed(admin, show="filled", part=part.key) == part.outcomes.filled
    assert listed(admin, show="undated", start="2026-05-01") == report.undated.closed == 1
    for key, moment in moments(report).items():
        assert listed(admin, show="lost", period=key) == moment.outcomes.lost
        assert listed(admin, show="open", period=key) == moment.quality.open
        assert listed(admin, show="open", period=key, band_then="hot") == quality(moment)["bands"].get(
            "hot", 0
        )
        assert listed(admin, show="excluded", period=key) == moment.quality.excluded
        assert listed(admin, show="unscored", period=key) == moment.quality.unscored


def test_everybody_sees_the_figures_of_their_own_leads(admin, alice, manager, other_manager, people):
    write_lives([Life(outcome=WON, owner=place, scores=(Scored(TODAY, 50),)) for place in (0, 1, 2)], people)
    write_lives([Life(owner=place, scores=(Scored(TODAY, 50),)) for place in (0, 1, 2)], people)
    for user, seen in ((admin, 3), (manager, 2), (other_manager, 1), (alice, 1)):
        report = ask(user)
        assert (report.total.won, report.latest.quality.total) == (seen, 50 * seen)


def test_filters_leave_out_the_rest(admin, people):
    write_lives([Life(outcome=WON, owner=place, closed_on=TODAY) for place in (0, 1, 2)], people)
    write_lives([Life(owner=place, scores=(Scored(TODAY, 50),)) for place in (0, 1, 2)], people)
    for asked, seen in (({"owner": "charlie"}, 1), ({"team": "North"}, 2), ({"currency": "CHF"}, 0)):
        report = ask(admin, **asked)
        assert (report.total.won, report.latest.quality.total) == (seen, 50 * seen), asked


def book_of(wins, *, entry, of=30, days=30):
    """So many deals with this score on entering, of which some are won."""
    closed_on = date(2026, 1, 1) + timedelta(days=days)
    return [
        Life(outcome=WON if place < wins else LOST, entry=entry, closed_on=closed_on) for place in range(of)
    ]


def test_the_finding_says_yes_with_its_evidence(admin, people):
    write_lives([*book_of(24, entry=80, days=10), *book_of(6, entry=20, days=60)], people)
    sentence = effectiveness_finding(ask(admin))
    assert "<b>Yes: higher scores are won more often.</b>" in sentence
    assert "ROC AUC 0.800" in sentence
    assert "Hot: 80\N{NO-BREAK SPACE}% won (62.7–90.5\N{NO-BREAK SPACE}%, 30 closed), Cold: 20" in sentence
    assert "Hot deals were also won sooner: 10 days at the median (10–10) against 60 (60–60)." in sentence


def test_the_finding_says_no_where_lower_scores_win(admin, people):
    write_lives([*book_of(6, entry=80, days=60), *book_of(24, entry=20, days=10)], people)
    sentence = effectiveness_finding(ask(admin))
    assert "<b>No: lower scores are won more often.</b>" in sentence
    assert "But Hot deals were won later" in sentence


def test_the_finding_claims_nothing_that_chance_explains(admin, people):
    write_lives([*book_of(15, entry=80), *book_of(15, entry=20)], people)
    sentence = effectiveness_finding(ask(admin))
    assert "<b>Not shown: scores on entering do not tell won deals from lost ones.</b>" in sentence
    assert "That they are won sooner is not shown" in sentence


@pytest.mark.parametrize(
    ("book", "words"),
    [
        ([], "Nothing has closed here"),
        (book_of(5, entry=80, of=10), "Not enough data</b>: 10 closed deals had a score on entering"),
        (book_of(30, entry=80), "Not enough data</b>: 30 closed deals"),
        (book_of(15, entry=None), "Not enough data</b>: 0 closed deals"),
    ],
)
def test_the_finding_says_when_there_is_too_little(admin, people, book, words):
    write_lives(book, people)
    assert words in effectiveness_finding(ask(admin))


def test_bands_with_few_deals_are_not_compared(admin, people):
    write_lives([*book_of(20, entry=80), *book_of(1, entry=20, of=19)], people)
    assert bands_finding(ask(admin)) == "No two bands have 20 closed deals each."


def test_open_leads_are_no_evidence(admin, people):
    write_lives([Life(outcome=OPEN, entry=90)], people)
    assert ask(admin).evidence.scored == 0
