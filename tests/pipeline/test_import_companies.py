"""`import_companies`: companies by id, domain or name, with parents that may come later."""

from decimal import Decimal

import pytest

from leads.models import Company, ExternalId
from scoring.models import PendingScore
from tests.factories import CompanyFactory, LeadFactory
from tests.imports import Files, counts

pytestmark = pytest.mark.django_db

MAPPING = """
system = "crm"
[companies]
id = "Account"
[companies.columns]
Account = "name"
Sector = { to = "industry", values = { technolgy = "technology" } }
Revenue = { to = "annual_revenue", times = 1_000_000 }
Country = { to = "country", values = { Philipines = "Philippines" } }
Parent = "parent"
Site = "domain"
Tier = "custom"
"""
HEADER = "Account,Sector,Revenue,Country,Parent,Site,Tier\n"


@pytest.fixture
def files(tmp_path):
    return Files(tmp_path)


@pytest.fixture
def companies(files):
    def run(rows, *options):
        return files.run("import_companies", HEADER + rows, MAPPING, *options)

    return run


def company(name):
    return Company.objects.select_related("parent").get(name=name)


def test_companies_are_added_with_mapped_and_multiplied_values(companies):
    companies("Acme,technolgy,1100.04,Philipines,,www.Acme.example,gold\n")

    acme = company("Acme")
    assert (acme.industry, acme.annual_revenue, acme.country.code) == (
        "technology",
        Decimal(1100040000),
        "PH",
    )
    assert (acme.domain, acme.attributes) == ("acme.example", {"tier": "gold"})


def test_a_parent_may_come_before_or_after(companies):
    said = companies("A,,,,C,,\nB,,,,A,,\nC,,,,,,\n")

    assert counts(said)["added"] == 3
    assert [company(name).parent for name in "ABC"] == [company("C"), company("A"), None]


def test_a_parent_that_never_comes_rejects_the_row(companies, files):
    said = companies("A,,,,Nobody,,\nB,,,,A,,\nC,,,,,,\n")

    assert counts(said)["added"] == 1
    assert "there is no company “Nobody” that could be its parent" in files.rejected[0]
    assert "there is no company “A” that could be its parent" in files.rejected[1]


def test_a_second_import_updates_and_leaves_the_rest(companies):
    rows = "A,retail,1,Kenya,B,,\nB,retail,2,Kenya,,,\n"
    companies(rows)

    assert counts(companies(rows)) == {"read": 2, "added": 0, "updated": 0, "unchanged": 2, "rejected": 0}
    assert counts(companies(rows.replace("A,retail", "A,medical")))["updated"] == 1
    assert company("A").industry == "medical"
    assert Company.objects.count() == 2


def test_a_company_that_is_here_is_taken_over_by_domain_or_name(companies):
    by_domain = CompanyFactory(name="Acme Corporation", domain="acme.example")
    by_name = CompanyFactory(name="Betatech", domain="")
    other = CompanyFactory(name="Gamma", domain="gamma.example")

    said = companies("Acme,,,,,acme.example,\nbetatech,,,,,,\nGamma,,,,,gamma.test,\n")

    assert counts(said) == {"read": 3, "added": 1, "updated": 2, "unchanged": 0, "rejected": 0}
    ids = dict(ExternalId.objects.values_list("external_id", "object_id"))
    assert (ids["Acme"], ids["betatech"]) == (by_domain.pk, by_name.pk)
    assert ids["Gamma"] != other.pk


def test_the_leads_of_a_changed_company_are_scored_anew_before_the_command_ends(companies):
    companies("Acme,retail,1,Kenya,,,\n")
    LeadFactory(company=company("Acme"))
    PendingScore.objects.all().delete()

    said = companies("Acme,medical,1,Kenya,,,\n")

    assert "scores and confidences of 1 leads are up to date" in said
    assert not PendingScore.objects.exists()


def test_a_bad_row_is_rejected(companies, files):
    said = companies("Acme,retail,-1,Nowhereland,,,\nBeta,,,,,,\n")

    assert counts(said)["added"] == 1
    assert "Revenue: " in files.rejected[0]
    assert "Country: “Nowhereland” is no country" in files.rejected[0]


def test_a_dry_run_stores_nothing(companies):
    companies("Acme,,,,,,\n", "--dry-run")

    assert not Company.objects.exists()
