"""The warning about what is already there, which says of another's record only to whom it belongs."""

import pytest

from leads.duplicates import find_duplicates
from tests.factories import CompanyFactory, ContactFactory, LeadFactory

pytestmark = pytest.mark.django_db


def warnings(user, *, email="", company_name="", domain=""):
    found = find_duplicates(email=email, company_name=company_name, domain=domain, user=user)
    return [(duplicate.text, duplicate.url) for duplicate in found]


def test_nothing_typed_warns_of_nothing(alice):
    CompanyFactory(name="", domain="")
    assert warnings(alice) == []


def test_ones_own_contact_is_named_and_linked(alice):
    contact = ContactFactory(
        first_name="Ines", last_name="Mattern", email="ines@acme.example", company__name="Acme"
    )
    LeadFactory(contact=contact, owner=alice)
    text = "Ines Mattern of Acme has this e-mail address."
    assert warnings(alice, email=" INES@acme.example ") == [(text, contact.get_absolute_url())]


def test_anothers_contact_belongs_to_somebody_and_no_more(alice, charlie):
    contact = ContactFactory(first_name="Ines", last_name="Mattern", email="ines@acme.example")
    LeadFactory(contact=contact, owner=alice)
    assert warnings(charlie, email="ines@acme.example") == [
        ("ines@acme.example belongs to Alice Abel.", None)
    ]


@pytest.mark.parametrize("typed", [{"company_name": " ACME gmbh"}, {"domain": "Acme.example"}])
def test_a_company_is_found_by_name_or_domain_and_is_everybodys(typed, charlie):
    company = CompanyFactory(name="Acme GmbH", domain="acme.example")
    assert warnings(charlie, **typed) == [("Acme GmbH is already here.", company.get_absolute_url())]


def test_a_companys_leads_are_told_as_far_as_they_may_be_seen(alice, charlie):
    company = CompanyFactory(name="Acme")
    own = LeadFactory(company=company, contact=None, owner=charlie, external=("x", "L-1"))
    LeadFactory(company=company, contact=ContactFactory(first_name="Ines"), owner=alice)
    LeadFactory(company=company, contact=ContactFactory(first_name="Jan"), owner=alice)
    assert warnings(charlie, company_name="Acme")[1:] == [
        ("Acme is a lead of Acme, new.", own.get_absolute_url()),
        ("A lead of Acme belongs to Alice Abel.", None),
    ]
