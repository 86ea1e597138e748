"""Companies, contacts and who of them belongs to a lead."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from config.refusals import Refusal
from leads.actions import (
    CompanyFacts,
    ContactFacts,
    EmailTaken,
    save_companies,
    save_company,
    save_contact,
    save_contacts,
    set_people,
    set_people_of_leads,
)
from leads.models import Company, Contact, LeadContact
from leads.signals import leads_changed
from tests.factories import CompanyFactory, ContactFactory, LeadFactory
from tests.heard import heard
from tests.statements import statements_of

pytestmark = pytest.mark.django_db


def people_of(lead):
    return list(LeadContact.objects.filter(lead=lead).values_list("contact", "role", "is_first"))


def test_a_company_is_stored_in_one_spelling(alice):
    facts = CompanyFacts(
        name="Acme", domain="https://www.Acme.example/about", country="Germany", employees=40
    )
    company = Company.objects.get(pk=save_company(facts, by=alice).pk)
    assert (company.domain, company.country.code, company.employees) == ("acme.example", "DE", 40)


def test_what_is_not_given_stays_and_none_empties(alice):
    company = CompanyFactory(
        name="Acme", industry="Retail", employees=40, attributes={"tier": 1, "region": "EU"}
    )
    save_company(CompanyFacts(id=company.pk, employees=None, attributes={"tier": 2}), by=alice)
    company.refresh_from_db()
    assert (company.name, company.industry, company.employees) == ("Acme", "Retail", None)
    assert company.attributes == {"tier": 2, "region": "EU"}


def test_companies_come_back_in_the_order_of_their_rows(alice):
    stored = CompanyFactory(name="Old")
    names = [CompanyFacts(name="A"), CompanyFacts(id=stored.pk, name="New"), CompanyFacts(name="B")]
    assert [company.name for company in save_companies(names, by=alice)] == ["A", "New", "B"]
    assert Company.objects.get(pk=stored.pk).name == "New"


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [({"domain": "not a domain"}, "is no domain"), ({"country": "Atlantis"}, "is no country")],
)
def test_a_bad_company_is_not_stored(facts, sentence, alice):
    with pytest.raises(ValidationError, match=sentence):
        save_company(CompanyFacts(name="Acme", **facts), by=alice)
    assert not Company.objects.exists()


def test_a_change_of_a_company_is_news_of_its_leads(alice):
    lead = LeadFactory()
    with heard(leads_changed) as news:
        save_company(CompanyFacts(id=lead.company_id, annual_revenue=Decimal(5)), by=alice)
        save_company(CompanyFacts(id=lead.company_id, annual_revenue=Decimal(5)), by=alice)
    assert [n["lead_ids"] for n in news] == [[lead.pk]]


def test_a_contact_is_stored_in_one_spelling(alice):
    facts = ContactFacts(
        first_name="Ines", email=" Ines.Mattern@Acme.Example ", phone="030 1234567", region="DE"
    )
    contact = Contact.objects.get(pk=save_contact(facts, by=alice).pk)
    assert (contact.email, str(contact.phone)) == ("ines.mattern@acme.example", "+49301234567")


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"email": "ines@"}, "is no e-mail address"),
        ({"phone": "030 1234567"}, "no phone number with its country code"),
        ({"phone": "+49 3012345678901234"}, "too long or too short"),
    ],
)
def test_a_bad_contact_is_not_stored(facts, sentence, alice):
    with pytest.raises(ValidationError, match=sentence):
        save_contact(ContactFacts(first_name="Ines", **facts), by=alice)
    assert not Contact.objects.exists()


def test_an_email_address_names_one_contact_only(alice):
    ContactFactory(email="ines@acme.example")
    with pytest.raises(EmailTaken, match="There is already a contact with this e-mail address"):
        save_contact(ContactFacts(email="INES@acme.example"), by=alice)
    assert Contact.objects.count() == 1


def test_a_change_of_a_contact_is_news_of_its_leads(alice):
    lead = LeadFactory()
    contact = lead.contacts.get()
    with heard(leads_changed) as news:
        save_contact(ContactFacts(id=contact.pk, job_title="CFO"), by=alice)
        save_contact(ContactFacts(id=contact.pk, job_title="CFO"), by=alice)
    assert [n["lead_ids"] for n in news] == [[lead.pk]]


def test_a_lead_gets_the_named_people_and_no_others(alice):
    lead, first, second = LeadFactory(), ContactFactory(), ContactFactory()
    with heard(leads_changed) as news:
        set_people(lead, [(first.pk, "decider"), (second.pk, "user")], by=alice)
        assert people_of(lead) == [(first.pk, "decider", True), (second.pk, "user", False)]
        set_people(lead, [(second.pk, "user"), (first.pk, "decider")], by=alice)
        assert people_of(lead) == [(second.pk, "user", True), (first.pk, "decider", False)]
        set_people(lead, [(second.pk, "user"), (first.pk, "decider")], by=alice)
    assert [n["lead_ids"] for n in news] == [[lead.pk], [lead.pk]]


def test_a_lead_that_is_gone_gets_no_people(alice):
    with pytest.raises(Refusal, match="no longer there"):
        set_people_of_leads({0: []}, by=alice)


def test_twenty_people_cost_as_many_statements_as_one(alice):
    def batch(size):
        leads = [LeadFactory() for _ in range(size)]
        links = LeadContact.objects.filter(lead__in=leads).values_list("lead", "contact", "contact__company")

        def live():
            save_companies(
                [CompanyFacts(name="New"), *(CompanyFacts(id=c, city="Ulm") for _, _, c in links)], by=alice
            )
            save_contacts(
                [ContactFacts(last_name="X"), *(ContactFacts(id=p, last_name="Y") for _, p, _ in links)],
                by=alice,
            )
            set_people_of_leads({lead: [(contact, "user")] for lead, contact, _ in links}, by=alice)

        list(links)
        return statements_of(live)

    assert batch(20) == batch(1)
