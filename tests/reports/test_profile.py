"""The ideal customer: what was learnt, in sentences; open leads that are like it; and whom one sees."""

import random
from dataclasses import replace
from datetime import timedelta

import pytest

from leads.models import Lead, Organisation, ProductLine
from leads.organisation import remembered, today
from reports.findings.profile import profile_finding, trait_sentence
from reports.forms.profile import ProfileForm
from reports.likeness import Trait, criteria_of
from reports.profile import ProfileQuery, fitting_leads, leads_with, profile
from scoring.models import BacktestedLead, Trial
from scoring.statistics import wilson
from scoring.tasks import learn_profiles
from scoring.trials import finish_trial, start_profile
from tests.api import program_of
from tests.factories import CompanyFactory, LeadFactory, UserFactory
from tests.statements import statements_of

pytestmark = pytest.mark.django_db

WON = {"Mining": 30, "Dairy": 20}
LOST = {"Mining": 12, "Dairy": 38}


def close(outcome, industries, **facts):
    """Closed leads, so many of each industry, each kind spread over the same days."""
    for industry, number in industries.items():
        company = CompanyFactory(industry=industry, employees=None)
        for place, lead in enumerate(LeadFactory.create_batch(number, company=company, **facts)):
            day = today() - timedelta(days=3 + 200 * place // number)
            Lead.objects.filter(pk=lead.pk).update(outcome=outcome, closed_on=day)


@pytest.fixture
def line():
    return ProductLine.objects.create(name="Drills")


@pytest.fixture
def learnt(line):
    """50 won and 50 lost leads; three of five won ones are from mining, and few of the lost."""
    close("won", WON, product_line=line)
    close("lost", LOST, product_line=line)
    return finish_trial(start_profile(line, by=None))


def trait_of(report, value):
    return next(trait for trait in report.traits if (trait.label, trait.value) == ("Industry", value))


def ask(user, line, **asked):
    return profile(user, ProfileQuery(product_line=line, **asked))


# ---- what was learnt


def test_a_trait_says_how_often_won_and_lost_leads_have_it(admin, line, learnt):
    mining = trait_of(ask(admin, line), "Mining")
    assert (mining.leads, mining.won) == (42, 30)
    assert (mining.of_won, mining.of_lost) == (30 / 50, 12 / 50)
    assert (mining.rate, (mining.low, mining.high)) == (30 / 42, wilson(30, 42))
    assert mining.speaks_for
    sentence = str(trait_sentence(mining)).replace("\N{NO-BREAK SPACE}", " ")
    assert sentence == (
        "<b>Industry: Mining</b> is 2.5 times as frequent among won leads: "
        "60 % of won against 24 % of lost, 42 leads."
    )


def test_what_speaks_against_winning_stands_apart(admin, line, learnt):
    report = ask(admin, line)
    assert [trait.value for trait in report.negative if trait.label == "Industry"] == ["Dairy"]
    dairy = str(trait_sentence(trait_of(report, "Dairy"))).replace("\N{NO-BREAK SPACE}", " ")
    assert "is 1.9 times as frequent among lost leads: 40 % of won against 76 % of lost" in dairy


def test_differences_that_chance_would_bring_are_not_traits(admin, line):
    dice = random.Random(3)
    for outcome in ("won", "lost"):
        picked = [dice.choice(["Mining", "Dairy", "Steel"]) for _ in range(60)]
        close(outcome, {name: picked.count(name) for name in set(picked)}, product_line=line)
    finish_trial(start_profile(line, by=None))
    report = ask(admin, line)
    assert (report.traits, report.fit) == ((), None)
    assert "No trait is clear" in profile_finding(report)


def test_without_a_trait_that_speaks_for_winning_there_is_no_ideal_customer(admin, line, learnt):
    report = ask(admin, line)
    without = replace(report, traits=tuple(report.negative), fit=None)
    assert without.traits
    assert "There is no ideal customer" in profile_finding(without)


def test_listed_fields_are_left_out_and_named(admin, line):
    Organisation.objects.update_or_create(pk=1, defaults={"leaking_fields": ["company.industry"]})
    close("won", WON, product_line=line)
    close("lost", LOST, product_line=line)
    finish_trial(start_profile(line, by=None))
    report = ask(admin, line)
    assert not any(trait.label == "Industry" for trait in report.traits)
    assert report.leaks == ("Industry",)


def test_a_product_line_has_a_profile_of_its_own(admin, line, learnt):
    other = ProductLine.objects.create(name="Pumps")
    assert not ask(admin, other).is_known
    assert ask(admin, other).missing == (40, 40)
    assert not ask(admin, None).is_known
    finish_trial(start_profile(None, by=None))
    assert ask(admin, None).won == 50


# ---- freshness


def test_too_little_history_says_how_much_is_missing(client, admin, line):
    close("won", {"Mining": 39}, product_line=line)
    close("lost", {"Dairy": 2}, product_line=line)
    finish_trial(start_profile(line, by=None))
    report = ask(admin, line)
    assert (report.missing, report.is_known) == ((1, 38), False)
    client.force_login(admin)
    page = client.get("/reports/profile/", {"product_line": "Drills"}).content.decode()
    assert "It takes 1 more won lead and 38 more lost leads" in page
    assert "Learn" not in page.split("<main")[1].split("How these figures")[0]


def test_leads_closed_since_are_counted_and_learnt_from_at_night(admin, line, learnt):
    close("won", {"Mining": 2}, product_line=line)
    assert ask(admin, line).newly_closed == 2
    learn_profiles()
    running = Trial.objects.filter(kind="profile", status="running", product_line=line)
    assert ask(admin, line).is_running
    assert ask(admin, line).won == 50  # what is known stays until the next is learnt
    finish_trial(running.get())
    assert (ask(admin, line).won, ask(admin, line).newly_closed) == (52, 0)
    assert Trial.objects.filter(kind="profile", product_line=line).count() == 1


def test_nothing_is_learnt_again_while_nothing_has_changed(line, learnt):
    learn_profiles()
    assert not Trial.objects.filter(product_line=line, status="running").exists()
    Organisation.objects.update(leaking_fields=["company.country"])
    learn_profiles()
    assert Trial.objects.filter(product_line=line, status="running").exists()


def test_a_profile_that_is_being_learnt_is_not_begun_twice(line, learnt):
    first = start_profile(line, by=None)
    assert start_profile(line, by=None) == first


def test_a_fitted_model_is_left_alone(line, learnt):
    fit = Trial.objects.create(kind="fit", product_line=line, as_of=today(), status="done")
    finish_trial(start_profile(line, by=None))
    assert Trial.objects.filter(pk=fit.pk).exists()


# ---- open leads


def test_open_leads_fit_that_have_most_of_the_traits(admin, line, learnt):
    mining, dairy = (CompanyFactory(industry=name, employees=None) for name in ("mining", "Dairy"))
    alike = LeadFactory(company=mining, product_line=line)
    LeadFactory(company=dairy, product_line=line)
    LeadFactory(company=mining)  # of no product line
    LeadFactory(company=None, product_line=line)
    report = ask(admin, line)
    assert [(part.label, [trait.value for trait in part.traits]) for part in report.fit.criteria] == [
        ("Industry", ["Mining"])
    ]
    assert (report.fit.fits, report.fit.open, report.fit.least) == (1, 3, 1)
    assert set(fitting_leads(admin, ProfileQuery(product_line=line), None)) == {alike}
    assert "1 of 3 open leads meets it." in profile_finding(report)


def test_more_than_half_of_five_fields_are_three():
    def trait(place, source, points):
        facts = {"is_signal": False, "is_criterion": True, "rule": {}, "leads": 30, "won": 20, "rate": 0.6}
        facts |= {"low": 0.5, "high": 0.7, "chance": 0.01, "of_won": 0.5, "of_lost": 0.2, "points": points}
        return Trait(place=place, source=source, label=source, value=str(place), **facts)

    criteria = criteria_of([trait(n, f"field {n % 7}", 20 - n) for n in range(14)])
    assert [criterion.label for criterion in criteria] == [f"field {n}" for n in range(5)]
    assert all(len(criterion.traits) == 2 for criterion in criteria)


def test_the_trait_s_number_opens_the_leads_that_had_it(admin, line, learnt):
    mining, query = trait_of(ask(admin, line), "Mining"), ProfileQuery(product_line=line)
    won = leads_with(admin, query, mining.place, outcome="won")
    assert set(won.values_list("company__industry", "outcome")) == {("Mining", "won")}
    found = [leads_with(admin, query, mining.place, outcome=outcome) for outcome in ("won", "lost", "")]
    assert [leads.count() for leads in found] == [30, 12, 42]
    assert BacktestedLead.objects.filter(trial=learnt).count() == 100


def test_a_lead_that_has_changed_since_keeps_the_trait_that_it_had(admin, line, learnt):
    mining = trait_of(ask(admin, line), "Mining")
    lead = leads_with(admin, ProfileQuery(product_line=line), mining.place, outcome="won").first()
    type(lead.company).objects.filter(pk=lead.company_id).update(industry="Dairy")
    assert leads_with(admin, ProfileQuery(product_line=line), mining.place, outcome="won").count() == 30


# ---- whom one sees, pages, API


def test_a_rep_reads_the_same_profile_and_sees_only_their_own_leads(client, alice, bob, line, learnt):
    Lead.objects.update(owner=bob)
    mining = CompanyFactory(industry="Mining", employees=None)
    own = LeadFactory(company=mining, product_line=line, owner=alice)
    LeadFactory(company=mining, product_line=line, owner=bob)
    report = ask(alice, line)
    assert trait_of(report, "Mining").leads == 42
    assert (report.fit.fits, report.fit.open) == (1, 1)
    assert set(fitting_leads(alice, ProfileQuery(product_line=line), None)) == {own}
    assert not leads_with(alice, ProfileQuery(product_line=line), 0, outcome="").exists()
    client.force_login(alice)
    assert "Learn again now" not in client.get("/reports/profile/?product_line=Drills").content.decode()
    assert client.get("/reports/profile/", {"owner": "bob"}).status_code == 422


def test_a_manager_has_it_learnt_now(client, manager, line, learnt):
    client.force_login(manager)
    answer = client.post("/reports/profile/learn/?product_line=Drills")
    assert answer.headers["Location"] == "/reports/profile/?product_line=Drills"
    page = client.get("/reports/profile/?product_line=Drills").content.decode()
    assert "Looking at closed leads" in page
    assert "Learn again now" not in page


@pytest.mark.parametrize(
    "asked",
    [
        {"product_line": "None such"},
        {"start": "2026-07-02", "end": "2026-07-01"},
        {"start": "1800-01-01"},
        {"owner": "nobody"},
        {"currency": "euro"},
    ],
)
def test_what_cannot_be_asked_is_refused_with_a_sentence(client, admin, asked):
    client.force_login(admin)
    assert client.get("/reports/profile/", asked).status_code == 422
    assert program_of(admin).get("/reports/profile", expect=422, **asked)["errors"]


def test_a_century_and_a_currency_without_a_rate_are_answered(admin, line, learnt):
    LeadFactory(company=None, product_line=line)
    since = today() - timedelta(days=36_000)
    assert ask(admin, line, start=since, end=today()).fit.open == 1
    assert ask(admin, line, end=since).fit.open == 0
    assert ask(admin, line, currency="XXX").fit.open == 0


def test_page_list_files_and_api_have_the_same_figures(client, admin, line, learnt):
    company = CompanyFactory(industry="Mining", name="=1+1", employees=None)
    LeadFactory(company=company, product_line=line)
    client.force_login(admin)
    asked = {"product_line": "Drills"}
    page = client.get("/reports/profile/", asked).content.decode()
    assert "<b>The ideal customer</b>: Industry Mining." in page
    listed = client.get("/reports/profile/leads/", {**asked, "show": "fits"}).content.decode()
    assert "1 lead that you can see" in listed
    answer = program_of(admin).get("/reports/profile", **asked)
    assert (answer["won"], answer["lost"], answer["fit"]["fits"]) == (50, 50, 1)
    assert answer["fit"]["criteria"] == [{"label": "Industry", "values": ["Mining"]}]
    table = b"".join(client.get("/reports/profile/csv/", asked).streaming_content).decode()
    assert "For,Industry,Mining,42,30,0.6,0.24,0.7143" in table
    leads = b"".join(client.get("/reports/profile/leads/csv/", asked).streaming_content).decode()
    assert "'=1+1" in leads
    assert client.get("/reports/profile/xlsx/", asked).status_code == 200


def test_twenty_leads_cost_as_many_statements_as_one(client, admin, line, learnt):
    client.force_login(admin)
    form = ProfileForm({"product_line": "Drills"}, user=admin)
    assert form.is_valid()
    pages = ["/reports/profile/?product_line=Drills", "/reports/profile/leads/?product_line=Drills&show=fits"]
    mining = CompanyFactory(industry="Mining", employees=None)
    LeadFactory(company=mining, product_line=line, owner=UserFactory())
    few = [statements_of(lambda page=page: client.get(page)) for page in pages]
    for _ in range(20):
        LeadFactory(company=mining, product_line=line, owner=UserFactory())
    assert [statements_of(lambda page=page: client.get(page)) for page in pages] == few
    with remembered():
        assert statements_of(lambda: profile(admin, form.query())) <= 10
