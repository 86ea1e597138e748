"""Maven's accounts, products, teams and 8,800 deals: what must come out of the real files."""

from datetime import date
from decimal import Decimal
from statistics import median

import pytest
from django.db import transaction
from django.db.models import Count, F, Q, Sum
from django.db.models.functions import TruncMonth, TruncQuarter

from leads.models import Company, Lead, Product, Team, User
from leads.organisation import local_date
from pipeline.models import Deal, PendingConfidence, StageChange
from scoring.models import LeadScore, PendingScore
from tests.imports import EXAMPLES, REAL_DATA, counts, learn_sizes, needs_real_data, run_command

FOLDER = REAL_DATA / "maven-crm"
FILES = [
    ("import_companies", "accounts.csv"),
    ("import_products", "products.csv"),
    ("import_users", "sales_teams.csv"),
    ("import_deals", "sales_pipeline.csv"),
]
WON, LOST, OPEN = Q(lead__outcome="won"), Q(lead__outcome="lost"), Q(lead__outcome="open")

pytestmark = [pytest.mark.real_data, needs_real_data]


@pytest.fixture(scope="module")
def said(django_db_setup, django_db_blocker):
    """What the four imports say; all is taken back after the last test of this module."""
    with django_db_blocker.unblock(), transaction.atomic():
        answers = {command: run_import(command, name) for command, name in FILES}
        learn_sizes()
        yield answers
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def deals(said):
    return Deal.objects.all()


def run_import(command, name):
    return run_command(command, FOLDER / name, EXAMPLES / "maven.toml")


def won_by(deals, period):
    won = deals.filter(WON).annotate(period=period("lead__closed_on"))
    return {row["period"]: row["value"] for row in won.values("period").annotate(value=Sum("value"))}


def test_everything_comes_in(said):
    assert {command: counts(text)["added"] for command, text in said.items()} == {
        "import_companies": 85,
        "import_products": 7,
        "import_users": 35,
        "import_deals": 8_800,
    }
    assert {counts(text)["rejected"] for text in said.values()} == {0}


def test_outcomes_and_stages(deals):
    assert deals.filter(WON).count() == 4_238
    assert deals.filter(LOST).count() == 2_473
    assert deals.filter(OPEN, stage__key="engaging").count() == 1_589
    assert deals.filter(OPEN, stage__key="prospecting").count() == 500
    assert set(deals.filter(OPEN).values_list("lead__status", flat=True)) == {"working"}
    assert set(deals.exclude(OPEN).values_list("lead__status", "stage__key")) == {("qualified", "engaging")}


def test_won_value_by_month_and_quarter(deals):
    assert deals.filter(WON).aggregate(value=Sum("value"))["value"] == 10_005_534
    assert won_by(deals, TruncQuarter) == {
        date(2017, 1, 1): 1_134_672,
        date(2017, 4, 1): 3_086_111,
        date(2017, 7, 1): 2_982_255,
        date(2017, 10, 1): 2_802_496,
    }
    months = won_by(deals, TruncMonth)
    assert months[date(2017, 3, 1)] == 1_134_672
    assert months[date(2017, 6, 1)] == 1_338_466
    assert months[date(2017, 12, 1)] == 1_131_573


def test_open_deals_stand_at_list_price_as_estimates(deals):
    values = dict(deals.filter(OPEN).values_list("stage__key").annotate(Sum("value")))

    assert values == {"engaging": 3_892_229, "prospecting": 1_073_986}
    assert not deals.filter(OPEN, value_estimated=False).exists()


def test_lost_deals_have_their_list_price_as_an_estimate(deals):
    assert not deals.filter(LOST, value_estimated=False).exists()
    assert not deals.filter(LOST).exclude(value=F("product__list_price")).exists()
    assert not deals.filter(WON, value_estimated=True).exists()


@pytest.mark.parametrize(("outcome", "mean", "middle"), [("won", "51.78", 57), ("lost", "41.48", 14)])
def test_days_from_engaging_to_closing(deals, outcome, mean, middle):
    closed = StageChange.objects.filter(deal__in=deals, deal__lead__outcome=outcome, to_stage__key="engaging")
    days = [
        (local_date(change.left_at) - local_date(change.entered_at)).days
        for change in closed.only("left_at", "entered_at")
    ]

    assert (f"{sum(days) / len(days):.2f}", median(days)) == (mean, middle)


def test_every_stage_up_to_the_last_is_passed_and_only_open_deals_stand_in_one(deals):
    assert (
        deals.filter(stage__key="engaging").count()
        == StageChange.objects.filter(to_stage__key="engaging").count()
    )
    assert StageChange.objects.filter(to_stage__key="prospecting").count() == 8_800
    assert StageChange.objects.filter(left_at=None).count() == 2_089
    assert not StageChange.objects.filter(reconstructed=False).exists()
    assert not deals.filter(entered_at=None).exists()
    assert not deals.exclude(lead__created_at=F("entered_at")).exists()


def test_agents(deals):
    def closed(username):
        of_agent = deals.filter(lead__owner__username=username)
        won, lost = of_agent.filter(WON), of_agent.filter(LOST)
        return (
            won.count(),
            won.aggregate(value=Sum("value"))["value"],
            won.count() / (won.count() + lost.count()),
        )

    assert closed("darcel-schlecht")[:2] == (349, 1_153_214)
    assert f"{closed('hayden-neloms')[2]:.2%}" == "70.39%"
    assert f"{closed('lajuana-vencill')[2]:.2%}" == "54.98%"
    agents = User.objects.filter(team__isnull=False)
    assert agents.count() == 35
    assert agents.filter(leads=None).count() == 5
    open_leads = Count("leads", filter=Q(leads__outcome="open"))
    assert agents.exclude(leads=None).annotate(open_leads=open_leads).filter(open_leads=0).count() == 3
    assert not any(agent.has_usable_password() for agent in agents)


def test_teams_by_won_value(deals):
    value = dict(deals.filter(WON).values_list("closed_team__name").annotate(Sum("value")))

    assert value == {
        "Melvin Marxen": 2_251_930,
        "Summer Sewald": 1_964_750,
        "Rocco Neubert": 1_960_545,
        "Celia Rouche": 1_603_897,
        "Cara Losch": 1_130_049,
        "Dustin Brinkmann": 1_094_363,
    }
    assert {manager.get_full_name() for team in Team.objects.all() for manager in team.managers.all()} == set(
        value
    )


def test_products(deals):
    def closed(name):
        found = deals.filter(product__name=name)
        return found.filter(WON).count(), found.exclude(OPEN).count()

    assert closed("GTX Pro") == (729, 1_147)
    assert deals.filter(WON, product__name="GTX Pro").aggregate(value=Sum("value"))["value"] == 3_510_578
    assert deals.filter(product__name="GTX Pro").count() == 1_480
    won, of = closed("MG Special")
    assert f"{won / of:.2%}" == "64.84%"
    assert closed("GTK 500") == (15, 25)
    assert Product.objects.filter(product_line__name="Maven").count() == 7


def test_companies_are_those_of_the_accounts(deals):
    assert deals.filter(lead__company=None).count() == 1_425
    assert not deals.filter(~OPEN, lead__company=None).exists()
    acme = Company.objects.get(name="Acme Corporation")
    assert (acme.industry, acme.annual_revenue) == ("technology", Decimal(1100040000))
    assert acme.subsidiaries.count() == 4
    assert Company.objects.get(name="Bioholding").country.code == "PH"
    assert Company.objects.get(name="Hottechi").country.code == "KR"
    assert not Company.objects.filter(industry="technolgy").exists()


def test_scores_and_confidences_are_written(deals):
    assert not PendingScore.objects.exists()
    assert not PendingConfidence.objects.exists()
    assert not LeadScore.objects.exclude(state="scored").exists()
    assert not deals.filter(entry_score=None).exists()
    assert not deals.exclude(OPEN).filter(close_score=None).exists()
    assert set(deals.values_list("stage__key", "confidence")) == {("prospecting", 20), ("engaging", 60)}


def test_a_second_import_changes_nothing(said):
    before = Lead.objects.aggregate(Count("pk")), Deal.objects.aggregate(Sum("value"))

    again = {command: counts(run_import(command, name)) for command, name in FILES}

    assert {command: text["unchanged"] for command, text in again.items()} == {
        "import_companies": 85,
        "import_products": 7,
        "import_users": 35,
        "import_deals": 8_800,
    }
    assert {(text["added"], text["updated"], text["rejected"]) for text in again.values()} == {(0, 0, 0)}
    assert (Lead.objects.aggregate(Count("pk")), Deal.objects.aggregate(Sum("value"))) == before
