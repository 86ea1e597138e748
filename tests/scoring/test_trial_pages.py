"""The pages on which drafts are tried: started once, watched, read, exported; for administrators alone."""

import json

import pytest
from django.urls import reverse

from leads.models import Organisation, ProductLine
from scoring.actions import change_draft, import_model
from scoring.explain import explain_under
from scoring.ideal import read_range
from scoring.models import ScoringModel, Trial
from scoring.pending import drain_scores
from scoring.rows import load_definition
from scoring.trials import finish_trial, start_backtest, start_simulation
from tests.factories import CompanyFactory, ContactFactory, LeadFactory
from tests.scoring.trials import MODEL, closed, fact
from tests.scoring.written import published

HAS_INDUSTRY = {"field": "company.industry", "op": "is_set"}


def address(name: str, model: ScoringModel) -> str:
    return reverse(f"admin:scoring_scoringmodel_{name}", args=[model.pk])


@pytest.fixture
def site(client, admin):
    client.force_login(admin)
    return client


def better() -> dict:
    document = json.loads(json.dumps(MODEL))
    document["groups"][0] |= {"max": 80}
    document["groups"][0]["rules"][0]["points"] = 80
    return document


@pytest.fixture
def draft(admin):
    published(MODEL)
    return import_model(better(), by=admin)


def large_leads(number: int) -> None:
    for _ in range(number):
        LeadFactory(company=CompanyFactory(employees=200))


@pytest.fixture
def simulated(draft):
    large_leads(3)
    drain_scores()
    return finish_trial(start_simulation(draft, by=None))


@pytest.mark.parametrize("name", ["simulate", "backtest", "suggestions"])
def test_a_page_without_a_trial_offers_the_first_step(site, draft, name):
    page = site.get(address(name, draft))
    assert page.status_code == 200
    assert "yet" in page.content.decode()


@pytest.mark.parametrize("name", ["simulate", "backtest", "suggestions"])
def test_managers_and_reps_see_nothing_of_it(client, alice, manager, draft, name):
    for user in (alice, manager):
        client.force_login(user)
        assert client.get(address(name, draft)).status_code == 302


def test_a_simulation_is_started_once_and_watched(site, draft):
    large_leads(1)
    for _ in range(2):
        assert site.post(address("simulate", draft)).status_code == 302
    trial = Trial.objects.get()
    page = site.get(address("simulate", draft)).content.decode()
    watched = reverse("admin:scoring_scoringmodel_trial", args=[trial.pk])
    assert watched in page  # also after a reload
    assert "0 of 1" in site.get(watched, headers={"HX-Request": "true"}).content.decode()
    finish_trial(trial)
    assert site.get(watched, headers={"HX-Request": "true"}).headers["HX-Refresh"] == "true"


def test_moves_are_listed_sorted_and_exported(site, draft, simulated):
    page = site.get(f"{address('simulate', draft)}?order=after&direction=ascending&band_before=warm")
    content = page.content.decode()
    assert [move.total_after for move in page.context["page"].rows] == [80, 80, 80]
    assert "Owners told that a lead has risen" in content
    assert "Nothing live changes" in content
    lines = b"".join(site.get(address("simulate_csv", draft)).streaming_content).decode().splitlines()
    assert lines[0] == "Lead,Name,Band before,Band after,Points before,Points after,Fires"
    assert len(lines) == 4
    assert lines[1].endswith("Warm,Hot,50,80,True")


def test_a_move_that_nobody_makes_is_an_empty_list(site, draft, simulated):
    page = site.get(f"{address('simulate', draft)}?band_before=hot&page=nonsense&order=nonsense")
    assert "No lead makes this move" in page.content.decode()


def test_a_draft_changed_since_is_said_to_be(site, draft, simulated):
    assert "changed since" not in site.get(address("simulate", draft)).content.decode()
    change_draft(draft, better(), by=None)
    assert "changed since" in site.get(address("simulate", draft)).content.decode()


def test_twenty_moves_cost_as_many_queries_as_one(site, draft, django_assert_max_num_queries):
    large_leads(20)
    drain_scores()
    finish_trial(start_simulation(draft, by=None))
    site.get(address("simulate", draft))
    with django_assert_max_num_queries(16):
        assert len(site.get(address("simulate", draft)).context["page"].rows) == 20


@pytest.fixture
def history(db):
    for number in range(90):
        closed(fact(200 if number % 3 else 10, *range(3, 5 + number % 4)), "won" if number % 2 else "lost")


def test_a_backtest_shows_its_figures_beside_the_live_model(site, draft, history):
    assert (
        site.post(address("backtest", draft), {"cut": "before", "days": "5", "precision": "55"}).status_code
        == 302
    )
    trial = finish_trial(Trial.objects.get())
    assert trial.options["days_before"] == 5
    page = site.get(address("backtest", draft)).content.decode()
    for words in ("ROC AUC", "By band", "Live, version", "today&#x27;s", "Threshold for"):
        assert words in page.replace("'", "&#x27;")
    lines = b"".join(site.get(address("backtest_csv", draft)).streaming_content).decode().splitlines()
    assert len(lines) == 91


def test_too_little_history_is_said(site, draft):
    finish_trial(start_backtest(draft, by=None))
    page = site.get(address("backtest", draft)).content.decode()
    assert "40 more won and 40 more lost leads are needed" in page


def test_a_cut_that_is_none_is_an_error_in_its_place(site, draft):
    answer = site.post(address("backtest", draft), {"cut": "before", "days": "0", "precision": "80"})
    assert answer.status_code == 422
    assert not Trial.objects.exists()


def test_the_ideal_customer_writes_the_fit_groups_of_a_draft(site, draft):
    said = {
        "industries_best": "manufacturing, logistics",
        "industries_good": "education",
        "sizes_best": "100-499",
        "sizes_better": "500+",
        "roles_best": "CFO",
        "countries_best": "Sweden, DE",
        "revenues_good": "1M-10M",
    }
    assert site.post(address("ideal", draft), said).status_code == 302
    groups = {group.name: group for group in load_definition(ScoringModel.objects.get(pk=draft.pk)).groups}
    assert set(groups) == {"Industry", "Company size", "Annual revenue", "Role", "Country", "Size", "Website"}
    assert [(rule.name, rule.points) for rule in groups["Industry"].rules] == [
        ("Industry: best", 20),
        ("Industry: good", 8),
    ]
    page = site.get(address("suggestions", draft))
    form = page.context["form"]
    assert form["industries_best"].initial == "manufacturing, logistics"
    assert form["sizes_better"].initial == "500+"
    assert form["revenues_good"].initial == "1000000-10000000"
    site.post(address("ideal", draft), {"industries_best": "education"})
    groups = [group.name for group in load_definition(ScoringModel.objects.get(pk=draft.pk)).groups]
    assert groups == ["Industry", "Size", "Website"]


def test_what_was_written_by_hand_gives_way_only_to_what_is_said(site, draft):
    by_hand = {
        "kind": "fit", "max": 5, "rules": [{"name": "Any", "when": HAS_INDUSTRY, "points": 5}]
    }  # fmt: skip
    groups = [by_hand | {"name": "Industry"}, by_hand | {"name": "Role"}]
    change_draft(draft, {**better(), "groups": groups}, by=None)
    answer = site.post(address("ideal", draft), {"industries_best": "logistics"}, follow=True)
    assert "Written: Industry. What was written by hand as Industry gave way." in answer.content.decode()
    industry, role = load_definition(ScoringModel.objects.get(pk=draft.pk)).groups
    assert [rule.name for rule in industry.rules] == ["Industry: best"]
    assert [rule.name for rule in role.rules] == ["Any"]


@pytest.mark.parametrize(
    ("text", "bounds"),
    [
        ("100-499", (100, 499)),
        ("500+", (500, None)),
        ("1,000+", (1_000, None)),
        ("1M-10M", (1_000_000, 10_000_000)),
        ("1.5M-10M", (1_500_000, 10_000_000)),
        ("1-10M", (1_000_000, 10_000_000)),
        ("500-1M", (500, 1_000_000)),
        ("2,25m+", (2_250_000, None)),
        ("2,500k", (2_500_000, 2_500_000)),
    ],
)
def test_sizes_and_revenues_are_read_as_people_write_them(text, bounds):
    assert read_range(text) == bounds


def test_a_short_job_title_is_no_part_of_another_word(site, draft):
    site.post(address("ideal", draft), {"roles_best": "CTO, Head of"})
    role = next(group for group in load_definition(draft).groups if group.name == "Role")
    people = {"CTO": 20, "Founder & CTO": 20, "CTO of Saws": 20, "Head of IT": 20, "Director": 0}
    for title, points in people.items():
        company = CompanyFactory()
        lead = LeadFactory(company=company, contact=ContactFactory(company=company, job_title=title))
        explained = explain_under(lead, ScoringModel.objects.get(pk=draft.pk))
        given = next(group.points for group in explained.groups if group.name == role.name)
        assert (title, given) == (title, points * 10)
    form = site.get(address("suggestions", draft)).context["form"]
    assert form["roles_best"].initial == "CTO, Head of"


def test_a_leaking_field_that_is_not_there_is_said(site, draft):
    Organisation.objects.update_or_create(
        pk=1, defaults={"leaking_fields": ["Employees", "lead.custom.tgas"]}
    )
    text = site.get(address("suggestions", draft)).content.decode()
    assert "Left out as leaking: Employees." in text
    assert "The list of leaking fields names lead.custom.tgas, and there is no such field" in text


def test_a_range_that_is_none_and_an_unknown_country_are_faults(site, draft):
    answer = site.post(address("ideal", draft), {"sizes_best": "many"})
    assert answer.status_code == 422
    assert "no range" in answer.content.decode()
    answer = site.post(address("ideal", draft), {"countries_best": "Atlantis"})
    assert answer.status_code == 422
    assert "Atlantis" in answer.content.decode()
    assert len(load_definition(draft).groups) == 2


def test_a_published_version_takes_no_suggestions(site, draft):
    live = ScoringModel.objects.active().get()
    answer = site.post(address("ideal", live), {"industries_best": "education"})
    assert answer.status_code == 422
    assert "Copy it to change it" in answer.content.decode()


def test_a_field_that_is_not_there_orders_nothing(site, draft):
    site.post(address("learn", draft), {"order": "lead.custom.nothing"})
    assert not Trial.objects.exists()


def test_history_of_one_product_line_is_not_that_of_another(site, draft):
    line = ProductLine.objects.create(name="Other")
    other = import_model({**better(), "product_line": line.name}, by=None)
    site.post(address("learn", other))
    assert "Not enough history" not in site.get(address("suggestions", draft)).content.decode()
