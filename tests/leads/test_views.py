"""The pages of companies, contacts and notifications: who sees what, what forms answer, what pages cost."""

import pytest
from django.test import Client
from django.urls import reverse

from leads.models import Company, Contact, Notification
from tests.factories import (
    ActivityFactory,
    CompanyFactory,
    ContactFactory,
    CustomFieldFactory,
    LeadFactory,
    NotificationFactory,
)
from tests.statements import statements_of

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


@pytest.fixture
def browse():
    """Opens an address as somebody: browse(alice, "leads:company", pk)."""

    def opened(user, name, *args, query=None, **headers):
        client = Client(headers=headers.pop("headers", None))
        client.force_login(user)
        return client.get(reverse(name, args=args), query)

    return opened


@pytest.fixture
def send():
    """Posts a form as somebody: send(alice, "leads:company_add", name="Acme")."""

    def posted(user, name, /, *args, **fields):
        client = Client()
        client.force_login(user)
        return client.post(reverse(name, args=args), fields)

    return posted


def text_of(response):
    return response.content.decode()


# Lists


def test_companies_are_found_by_part_of_their_name_or_the_start_of_their_domain(browse, alice):
    CompanyFactory(name="Acme GmbH", domain="acme.example")
    CompanyFactory(name="Other", domain="other.example")
    for query in ("cme", "ACME", "acme.ex"):
        page = text_of(browse(alice, "leads:companies", query={"q": query}))
        assert "Acme GmbH" in page
        assert "Other" not in page


def test_a_contact_is_found_by_words_of_the_name_in_any_order(browse, alice):
    ContactFactory(first_name="Ines", last_name="Mattern", email="im@acme.example")
    ContactFactory(first_name="Jan", last_name="Ines", email="jan@acme.example")
    page = text_of(browse(alice, "leads:contacts", query={"q": "mattern ines"}))
    assert "Ines Mattern" in page
    assert "Jan Ines" not in page


@pytest.mark.parametrize(
    ("name", "nothing", "nothing_found"),
    [
        ("leads:companies", "No companies yet", "No company has this name or domain"),
        ("leads:contacts", "No contacts yet", "Nobody here has this name or e-mail"),
    ],
)
def test_an_empty_list_offers_the_first_step_and_an_empty_search_the_way_back(
    name, nothing, nothing_found, browse, alice
):
    assert nothing in text_of(browse(alice, name))
    assert nothing_found in text_of(browse(alice, name, query={"q": "nobody"}))


def test_htmx_gets_only_the_list(browse, alice):
    page = text_of(browse(alice, "leads:companies", headers=HTMX))
    assert page.strip().startswith('<section id="companies"')
    assert "<html" not in page


def test_a_page_holds_fifty_rows_and_links_its_neighbours(browse, alice):
    Company.objects.bulk_create(Company(name=f"Company {number:03}") for number in range(120))
    second = text_of(browse(alice, "leads:companies", query={"page": "2"}))
    assert "51–100 of 120" in second
    assert "?page=1" in second
    assert "?page=3" in second
    assert "101–120 of 120" in text_of(browse(alice, "leads:companies", query={"page": "999"}))
    for nonsense in ("0", "-1", "x", "9" * 30):
        assert browse(alice, "leads:companies", query={"page": nonsense}).status_code == 200


def test_a_long_list_is_not_counted_to_its_end(browse, alice, monkeypatch):
    monkeypatch.setattr("leads.paging.COUNTED", 10)
    Company.objects.bulk_create(Company(name=f"Company {number:03}") for number in range(60))
    assert "1–50 of more than 10" in text_of(browse(alice, "leads:companies"))


# Visibility


def test_a_company_is_everybodys_but_shows_only_leads_and_contacts_that_may_be_seen(browse, alice, charlie):
    lead = LeadFactory(owner=alice, contact__first_name="Ines", contact__email="ines@acme.example")
    hers = text_of(browse(alice, "leads:company", lead.company_id))
    assert f'href="/leads/{lead.pk}/"' in hers
    assert "ines@acme.example" in hers
    his = text_of(browse(charlie, "leads:company", lead.company_id))
    assert f'href="/leads/{lead.pk}/"' not in his
    assert "ines@acme.example" not in his
    assert "There is no lead of this company that you may see." in his


def test_open_leads_are_counted_as_far_as_they_may_be_seen(browse, alice, charlie):
    LeadFactory(owner=alice)
    assert [company.open_leads for company in browse(alice, "leads:companies").context["page"].rows] == [1]
    assert [company.open_leads for company in browse(charlie, "leads:companies").context["page"].rows] == [0]


@pytest.mark.parametrize("name", ["leads:contact", "leads:contact_edit"])
def test_anothers_contact_is_not_there(name, browse, send, alice, charlie):
    contact = LeadFactory(owner=alice).contacts.get()
    assert browse(alice, name, contact.pk).status_code == 200
    assert browse(charlie, name, contact.pk).status_code == 404
    assert send(charlie, "leads:contact_edit", contact.pk, first_name="Mine").status_code == 404
    assert Contact.objects.get().first_name != "Mine"


def test_a_contacts_list_and_page_show_only_what_may_be_seen(browse, alice, charlie):
    contact = ContactFactory(first_name="Ines")
    hers, his = LeadFactory(contact=contact, owner=alice), LeadFactory(contact=contact, owner=charlie)
    ActivityFactory(lead=hers, contact=contact, kind__key="call", url="https://example.com/hers")
    page = text_of(browse(charlie, "leads:contact", contact.pk))
    assert f'href="/leads/{his.pk}/"' in page
    assert f'href="/leads/{hers.pk}/"' not in page
    assert "example.com/hers" not in page


# Forms


def test_a_company_is_added_with_its_custom_fields(send, alice):
    CustomFieldFactory(entity="company", key="tier", label="Tier", type="number")
    CustomFieldFactory(entity="company", key="public", label="Public", type="boolean")
    parent = CompanyFactory(name="Holding")
    answer = send(
        alice, "leads:company_add", name="Acme", domain="www.acme.example", employees="40", country="DE",
        parent_name="holding", custom_tier="2", custom_public="false",
    )  # fmt: skip
    company = Company.objects.get(name="Acme")
    assert (answer.status_code, answer["Location"]) == (303, company.get_absolute_url())
    assert (company.domain, company.employees, company.parent) == ("acme.example", 40, parent)
    assert company.attributes == {"tier": 2, "public": False}
    assert company.events.last().pgh_context.metadata["user"] == alice.pk


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"name": ""}, "name", "This field is required."),
        ({"domain": "acme"}, "domain", "“acme” is no domain such as example.com."),
        ({"employees": "-1"}, "employees", "Ensure this value is greater than or equal to 0."),
        ({"employees": "99999999999"}, "employees", "Ensure this value is less than or equal to 10000000."),
        ({"annual_revenue": "-5"}, "annual_revenue", "Ensure this value is greater than or equal to 0."),
        ({"founded": "3000"}, "founded", "A company cannot be founded in a year to come."),
        ({"parent_name": "Nowhere"}, "parent_name", "There is no company “Nowhere”."),
        ({"custom_tier": "two"}, "custom_tier", "Enter a number."),
    ],
)
def test_a_bad_field_of_a_company_is_named_beside_it_and_nothing_is_stored(
    fields, field, sentence, send, alice
):
    CustomFieldFactory(entity="company", key="tier", type="number")
    answer = send(alice, "leads:company_add", **{"name": "Acme", **fields})
    assert answer.status_code == 422
    assert answer.context["form"].errors[field] == [sentence]
    assert not Company.objects.exists()


def test_a_company_that_looks_like_another_is_saved_only_when_asked_again(send, alice):
    CompanyFactory(name="Acme")
    answer = send(alice, "leads:company_add", name="ACME")
    assert answer.status_code == 422
    assert "Acme is already here." in text_of(answer)
    assert "Save anyway" in text_of(answer)
    assert Company.objects.count() == 1
    assert send(alice, "leads:company_add", name="ACME", save_anyway="yes").status_code == 303
    assert Company.objects.count() == 2


def test_editing_a_company_does_not_warn_of_itself(send, alice):
    company = CompanyFactory(name="Acme", domain="acme.example", attributes={"kept": 1})
    assert (
        send(alice, "leads:company_edit", company.pk, name="ACME", domain="acme.example").status_code == 303
    )
    company.refresh_from_db()
    assert (company.name, company.attributes) == ("ACME", {"kept": 1})


def test_a_company_cannot_belong_to_itself(send, alice):
    company = CompanyFactory(name="Acme")
    answer = send(alice, "leads:company_edit", company.pk, name="Acme", parent_name="Acme")
    assert answer.context["form"].errors["parent_name"] == ["A company cannot belong to itself."]


def test_a_contact_is_added_with_a_company_that_was_not_here(send, alice):
    answer = send(
        alice,
        "leads:contact_add",
        first_name="Ines",
        email="Ines@Acme.example",
        company_name="Acme",
        phone="+49 30 1234567",
    )
    contact = Contact.objects.get()
    assert answer["Location"] == contact.get_absolute_url()
    assert (contact.email, str(contact.phone)) == ("ines@acme.example", "+49301234567")
    assert (contact.company.name, contact.company.domain) == ("Acme", "acme.example")


def test_a_contact_is_added_to_the_company_it_was_begun_at(browse, send, alice):
    CompanyFactory(name="Acme")
    second = CompanyFactory(name="Acme", country="DE")
    form = browse(alice, "leads:contact_add", query={"company": second.pk}).context["form"]
    assert form.initial["company_name"] == "Acme"
    client = Client()
    client.force_login(alice)
    address = f"{reverse('leads:contact_add')}?company={second.pk}"
    client.post(address, {"last_name": "Mattern", "company_name": "Acme", "phone": "030 1234567"})
    contact = Contact.objects.get()
    assert (contact.company, str(contact.phone)) == (second, "+49301234567")


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({}, "__all__", "Give at least a name or an e-mail address."),
        ({"email": "ines@"}, "email", "“ines@” is no e-mail address."),
        (
            {"last_name": "Mattern", "phone": "030 1234567"},
            "phone",
            "“030 1234567” is no phone number with its country code, such as +49 30 123456.",
        ),
        ({"email": "taken@acme.example"}, "email", "There is already a contact with this e-mail address."),
    ],
)
def test_a_bad_field_of_a_contact_is_named_beside_it_and_nothing_is_stored(
    fields, field, sentence, send, alice
):
    ContactFactory(email="taken@acme.example", company=None)
    answer = send(alice, "leads:contact_add", company_name="Acme", **fields)
    assert answer.status_code == 422
    assert answer.context["form"].errors[field] == [sentence]
    assert Contact.objects.count() == 1
    assert not Company.objects.exists()


def test_the_address_of_anothers_contact_is_refused_with_its_owners_name_and_no_more(send, alice, charlie):
    LeadFactory(owner=alice, contact__first_name="Ines", contact__email="ines@acme.example")
    page = text_of(send(charlie, "leads:contact_add", email="ines@acme.example"))
    assert "ines@acme.example belongs to Alice Abel." in page
    assert "Ines" not in page


def test_a_contact_is_edited(send, alice):
    contact = LeadFactory(owner=alice).contacts.get()
    company = contact.company.name
    send(alice, "leads:contact_edit", contact.pk, last_name="New", company_name=company, do_not_contact="on")
    contact.refresh_from_db()
    assert (contact.first_name, contact.last_name, contact.do_not_contact) == ("", "New", True)
    assert contact.company.name == company


def test_what_is_already_there_is_told_while_somebody_types(browse, alice, charlie):
    company = CompanyFactory(name="Acme")
    LeadFactory(owner=alice, contact__email="ines@acme.example", contact__company=company)
    page = text_of(browse(charlie, "leads:duplicates", query={"name": "acme", "email": "ines@acme.example"}))
    assert "Acme is already here." in page
    assert "ines@acme.example belongs to Alice Abel." in page
    assert "<html" not in page
    same = {"name": "acme", "company": company.pk}
    assert "already here" not in text_of(browse(charlie, "leads:duplicates", query=same))


# Notifications


def test_the_bell_counts_ones_own_unread_news(browse, alice, bob):
    NotificationFactory(user=alice)
    NotificationFactory(user=bob)
    assert 'aria-label="Notifications, 1 new"' in text_of(browse(alice, "leads:bell"))
    Notification.objects.all().delete()
    assert 'aria-label="Notifications"' in text_of(browse(alice, "leads:bell"))


def test_news_are_read_one_by_one_or_all_at_once(browse, send, alice, bob):
    first, second, anothers = (NotificationFactory(user=user) for user in (alice, alice, bob))
    assert "2 new" in text_of(browse(alice, "leads:notifications"))
    send(alice, "leads:notification_read", notification=first.pk)
    assert set(Notification.objects.unread()) == {second, anothers}
    send(alice, "leads:notification_read", notification=anothers.pk)
    answer = send(alice, "leads:notification_read")
    assert answer["Location"] == reverse("leads:notifications")
    assert list(Notification.objects.unread()) == [anothers]
    assert "All read" in text_of(browse(alice, "leads:notifications"))


def test_htmx_gets_the_list_back_and_the_bell_is_rung(alice):
    NotificationFactory(user=alice, lead=LeadFactory(owner=alice))
    client = Client(headers=HTMX)
    client.force_login(alice)
    answer = client.post(reverse("leads:notification_read"))
    assert "notifications-read" in answer["HX-Trigger"]
    assert "All read" in text_of(answer)
    assert "<html" not in text_of(answer)


# Cost


def fill(rows, owner):
    company = CompanyFactory(name="Big")
    for number in range(rows):
        contact = ContactFactory(company=company)
        lead = LeadFactory(contact=contact, owner=owner, external=("x", f"{rows}-{number}"))
        ActivityFactory(lead=lead, contact=contact, kind__key="call", actor=owner)
        CompanyFactory(parent=company)
        NotificationFactory(user=owner, lead=lead)
        CustomFieldFactory(entity="company", key=f"field_{rows}_{number}")
    Company.objects.filter(pk=company.pk).update(attributes={f"field_{rows}_{n}": "x" for n in range(rows)})
    return company


@pytest.mark.parametrize("person", ["alice", "manager", "admin"])
def test_pages_cost_less_than_twelve_statements_however_many_rows(person, request, browse, alice):
    user = request.getfixturevalue(person)
    client = Client()
    client.force_login(user)

    def costs(company):
        contact = company.contacts.first()
        pages = {
            "companies": reverse("leads:companies"),
            "contacts": reverse("leads:contacts"),
            "company": reverse("leads:company", args=[company.pk]),
            "company_edit": reverse("leads:company_edit", args=[company.pk]),
            "contact": reverse("leads:contact", args=[contact.pk]),
            "contact_edit": reverse("leads:contact_edit", args=[contact.pk]),
            "notifications": reverse("leads:notifications"),
            "bell": reverse("leads:bell"),
            "duplicates": reverse("leads:duplicates") + "?name=Big",
        }
        return {name: statements_of(lambda page=page: client.get(page)) for name, page in pages.items()}

    few = costs(fill(1, alice))
    many = costs(fill(20, alice))
    assert many == few
    assert max(many.values()) < 12, many
