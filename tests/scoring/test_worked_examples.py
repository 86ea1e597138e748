"""The worked examples of the mission, to the point."""

from datetime import timedelta

import pytest
from django.utils import timezone

from leads.organisation import today
from scoring.actions import exclude_lead, lift_exclusion
from scoring.engine import score_touched
from scoring.explain import explain
from scoring.models import BandCrossing, LeadScore, ScoreDay
from scoring.pending import drain_scores
from tests.factories import ActivityFactory, CompanyFactory, ContactFactory, LeadFactory
from tests.scoring.written import published

pytestmark = pytest.mark.django_db

BANDS = [
    {"band": "hot", "enter": 80, "leave": 80},
    {"band": "warm", "enter": 60, "leave": 60},
    {"band": "cold", "enter": 10, "leave": 10},
    {"band": "dead", "enter": 0, "leave": 0},
]


def model(*groups, **rest):
    return {"name": "Worked example", "product_line": None, "groups": list(groups), "bands": BANDS} | rest


def fit(name, *rules, **rest):
    return {"name": name, "kind": "fit", "combine": "best", "max": 33, "rules": list(rules)} | rest


def when(name, field, op, value, points):
    return {"name": name, "when": {"field": field, "op": op, "value": value}, "points": points}


def signal(name, kind, points, **rest):
    return {"name": name, "signal": kind, "points": points} | rest


THREE_GROUPS_OF_33 = model(
    fit(
        "Size",
        when("100 million", "company.annual_revenue", "gte", 100_000_000, 33),
        when("10 million", "company.annual_revenue", "gte", 10_000_000, 10),
    ),
    fit(
        "Vertical",
        when("Manufacturing", "company.industry", "eq", "Manufacturing", 33),
        when("Services", "company.industry", "eq", "Professional services", 23),
    ),
    fit(
        "Role",
        when("CEO", "contact.job_title", "eq", "CEO", 33),
        when("CFO", "contact.job_title", "eq", "CFO", 20),
    ),
)
BY_BEHAVIOUR = model(
    {
        "name": "Behaviour",
        "kind": "engagement",
        "max": 100,
        "rules": [
            signal(
                "Blog", "page_view", 5, when={"field": "activity.url", "op": "contains", "value": "/blog"}
            ),
            signal("Newsletter", "newsletter_subscribe", 5),
            signal("Webinar", "webinar_attend", 15),
            signal("Event", "event_attend", 15),
            signal("Contact", "contact_request", 20),
            signal("Trial", "trial_request", 20),
            signal("Download", "download", 20),
        ],
    },
    {
        "name": "Warning signs",
        "kind": "fit",
        "min": -100,
        "max": 0,
        "rules": [when("Researcher", "contact.job_title", "contains", "researcher", -95)],
    },
)


def prospect(industry="", revenue=None, job_title=""):
    company = CompanyFactory(industry=industry, annual_revenue=revenue)
    return LeadFactory(contact=ContactFactory(company=company, job_title=job_title))


def scored(lead) -> LeadScore:
    score_touched([lead.pk])
    return LeadScore.objects.select_related("band").get(pk=lead.pk)


def happened(lead, kind, days_ago=0, url=""):
    moment = timezone.now() - timedelta(days=days_ago)
    return ActivityFactory(lead=lead, kind__key=kind, occurred_at=moment, url=url)


def test_three_groups_of_33_give_63_to_the_manufacturer():
    published(THREE_GROUPS_OF_33)
    lead = prospect("Manufacturing", 10_000_000, "CFO")
    score = scored(lead)
    assert (score.total, score.band.key) == (63, "warm")
    assert [group.points for group in explain(lead).groups] == [100, 330, 200, 0]


def test_three_groups_of_33_give_89_to_the_service_firm():
    published(THREE_GROUPS_OF_33)
    lead = prospect("Professional services", 100_000_000, "CEO")
    score = scored(lead)
    assert (score.total, score.band.key) == (89, "hot")
    assert [group.points for group in explain(lead).groups] == [330, 230, 330, 0]


@pytest.mark.parametrize(
    ("kind", "points"),
    [
        ("page_view", 5),
        ("newsletter_subscribe", 5),
        ("event_attend", 15),
        ("webinar_attend", 15),
        ("contact_request", 20),
        ("trial_request", 20),
    ],
)
def test_behaviour_on_a_scale_of_100(kind, points):
    published(BY_BEHAVIOUR)
    lead = prospect()
    happened(lead, kind, url="https://nordlot.example/blog/bearings")
    assert scored(lead).total == points


def test_a_researcher_who_downloads_everything_scores_low():
    published(BY_BEHAVIOUR)
    lead = prospect(job_title="Researcher at a university")
    for _ in range(7):
        happened(lead, "download")
    score = scored(lead)
    assert (score.fit, score.engagement, score.total, score.band.key) == (-950, 1000, 5, "dead")


def test_an_excluded_researcher_has_no_score_at_all():
    published(BY_BEHAVIOUR)
    lead = prospect(job_title="Researcher at a university")
    happened(lead, "trial_request")
    exclusion = exclude_lead(lead, by=None, why="Only reads")
    drain_scores()
    score = LeadScore.objects.get(pk=lead.pk)
    assert (score.state, score.fit, score.engagement, score.total, score.band, score.grade) == (
        "excluded",
        None,
        None,
        None,
        None,
        "",
    )
    assert explain(lead).exclusion == "Only reads"
    assert not BandCrossing.objects.filter(lead=lead).exists()
    lift_exclusion(exclusion, by=None)
    drain_scores()
    assert LeadScore.objects.get(pk=lead.pk).state == "scored"


@pytest.mark.parametrize(
    ("decay", "left"),
    [
        ({"type": "linear", "days": 60}, {0: 100, 30: 50, 60: 0, 90: 0}),
        ({"type": "half_life", "days": 30}, {0: 100, 30: 50, 60: 25}),
        ({"type": "window", "days": 30}, {0: 100, 29: 100, 30: 0}),
    ],
)
def test_ten_points_fade(decay, left):
    group = {"name": "Website", "kind": "engagement", "max": 30, "rules": [signal("Page", "page_view", 10)]}
    published(model(group | {"decay": decay}))
    for days, tenths in left.items():
        lead = prospect()
        happened(lead, "page_view", days_ago=days)
        assert scored(lead).engagement == tenths
        assert [line.points for line in explain(lead).groups[0].lines] == [tenths]


def test_the_days_on_which_a_score_changed_are_kept():
    published(BY_BEHAVIOUR)
    lead = prospect()
    assert scored(lead).total == 0
    happened(lead, "trial_request")
    scored(lead)
    scored(lead)
    [day] = ScoreDay.objects.filter(lead=lead)
    assert (day.day, day.total, day.engagement) == (today(), 20, 200)
