"""Adding and editing leads by hand."""

from decimal import Decimal

import pytest

from leads.models import Company, Contact, CustomField, Lead, LeadContact
from pipeline.models import Deal
from tests.factories import (
    CampaignFactory,
    CompanyFactory,
    ContactFactory,
    CustomFieldFactory,
    LeadFactory,
    ProductLineFactory,
    SourceFactory,
)


@pytest.fixture
def pages(client, alice):
    client.force_login(alice)
    return client


def text_of(response) -> str:
    return response.content.decode().replace("\N{NO-BREAK SPACE}", " ")


def typed(*people: dict[str, str], known: int = 0, **lead: object) -> dict[str, object]:
    """What a browser sends: the lead, its people, and how many of them were there."""
    sent: dict[str, object] = {
        "currency": "EUR",
        "people-TOTAL_FORMS": len(people),
        "people-INITIAL_FORMS": known,
    }
    for at, person in enumerate(people):
        sent |= {f"people-{at}-{name}": value for name, value in person.items()}
    return sent | lead


MARTA = {
    "first_name": "Marta",
    "last_name": "Lindqvist",
    "email": "Marta@Norrland.example",
    "role": "decider",
}
JONAS = {"first_name": "Jonas", "last_name": "Weber", "email": "jonas@norrland.example", "is_first": "on"}


def test_a_lead_is_added_with_company_people_facts_deal_and_first_confidence(pages, alice):
    line, source, campaign = ProductLineFactory(), SourceFactory(), CampaignFactory()
    CustomFieldFactory(key="plants", label="Plants", type="number")

    answer = pages.post(
        "/leads/add/",
        typed(
            MARTA, JONAS, {}, pain="Unplanned stops", company_name="Norrland Timber",
            company_domain="https://www.norrland.example/",
            product_line=line.pk, source=source.pk, campaign=campaign.pk, owner=alice.pk,
            value="48000", expected_close_on="2026-12-01", confidence="35", custom_plants="4",
        ),
    )  # fmt: skip

    lead = Lead.objects.get()
    assert answer["Location"] == f"/leads/{lead.pk}/"
    assert str(lead) == "Jonas Weber"
    assert (lead.company.name, lead.company.domain) == ("Norrland Timber", "norrland.example")
    assert list(lead.people.values_list("contact__email", "role", "is_first")) == [
        ("jonas@norrland.example", "", True),
        ("marta@norrland.example", "decider", False),
    ]
    assert (lead.product_line, lead.source, lead.campaign, lead.owner) == (line, source, campaign, alice)
    assert (lead.status, lead.attributes) == ("working", {"plants": 4})
    deal = lead.deal
    assert (deal.value, deal.confidence, deal.confidence_source) == (Decimal(48_000), 35, "initial")
    assert deal.expected_close_on.isoformat() == "2026-12-01"


def test_a_lead_without_value_or_confidence_is_new(pages):
    pages.post("/leads/add/", typed(MARTA))

    lead = Lead.objects.get()
    assert (lead.status, lead.deal.confidence_source, lead.deal.close_estimated) == ("new", "automatic", True)


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        (typed(MARTA, confidence="101"), "A confidence is between 0 and 100 %."),
        (typed(MARTA, value="-5"), "A value is never below 0."),
        (typed(MARTA, expected_close_on="31 Feb"), "This is no date."),
        (typed(MARTA, company_domain="no domain"), "is no domain such as example.com."),
        (typed({"email": "not an address"}), "is no e-mail address."),
        (typed({"first_name": "A", "phone": "12"}), "is no phone number"),
        (typed({"job_title": "CFO"}), "Give a name or an e-mail address."),
        (typed(MARTA, MARTA | {"first_name": "Other"}), "Two people have the same e-mail address."),
        (typed(MARTA | {"is_first": "on"}, JONAS), "Only one person names the lead."),
        (typed(MARTA, currency="euro"), "Three capital letters, such as EUR."),
        (typed(MARTA, source="999999"), "not one of the available choices"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field_and_nothing_is_stored(pages, sent, sentence):
    answer = pages.post("/leads/add/", sent)

    assert answer.status_code == 422
    assert sentence in text_of(answer)
    assert not Lead.objects.exists()
    assert not Contact.objects.exists()
    assert not Company.objects.exists()


def test_a_known_company_and_address_are_warned_of_and_used_when_saved_anyway(pages, alice):
    company = CompanyFactory(name="Norrland Timber")
    known = ContactFactory(first_name="Marta", email="marta@norrland.example", company=company)
    sent = typed(MARTA, company_name="norrland timber")

    warned = pages.post("/leads/add/", sent)
    pages.post("/leads/add/", sent | {"anyway": "yes"})

    assert warned.status_code == 422
    assert "Norrland Timber is already here." in text_of(warned)
    assert "has this e-mail address." in text_of(warned)
    lead = Lead.objects.get()
    assert (lead.company, lead.people.get().contact) == (company, known)
    assert Company.objects.count() == Contact.objects.count() == 1


def test_of_somebody_elses_record_only_the_owner_is_told_and_it_stays_as_it_is(pages, charlie):
    secret = ContactFactory(first_name="Secret", last_name="Person", email="marta@norrland.example")
    LeadFactory(owner=charlie, contact=secret)

    warned = text_of(pages.post("/leads/add/", typed(MARTA)))
    pages.post("/leads/add/", typed(MARTA, anyway="yes"))

    assert "marta@norrland.example belongs to Charlie Cole." in warned
    assert "Secret" not in warned
    assert Lead.objects.latest("pk").people.get().contact.email == ""
    assert Contact.objects.get(pk=secret.pk).first_name == "Secret"


def test_a_company_and_a_contact_named_in_the_address_begin_the_form(pages):
    contact = ContactFactory(first_name="Marta", company=CompanyFactory(name="Norrland Timber"))

    page = text_of(pages.get(f"/leads/add/?contact={contact.pk}"))

    assert 'value="Marta"' in page
    assert 'value="Norrland Timber"' in page
    assert pages.get("/leads/add/?company=999999").status_code == 404


def test_editing_changes_the_lead_its_people_and_its_deal(pages, alice):
    CustomFieldFactory(key="plants", label="Plants", type="number")
    marta = ContactFactory(first_name="Marta", email="marta@norrland.example")
    gone = ContactFactory(first_name="Gone", email="gone@norrland.example")
    lead = LeadFactory(owner=alice, people=[(marta, "decider"), (gone, "")], company=marta.company)
    people = [
        {"contact": marta.pk, "first_name": "Martina", "email": "marta@norrland.example", "role": "user"},
        {"contact": gone.pk, "first_name": "Gone", "email": "gone@norrland.example", "DELETE": "on"},
        {"first_name": "New", "is_first": "on"},
    ]

    answer = pages.post(
        f"/leads/{lead.pk}/edit/",
        typed(
            *people, known=2, company_name=marta.company.name, pain="Noise", value="500", custom_plants="7"
        ),
    )

    assert answer["Location"] == f"/leads/{lead.pk}/"
    lead = Lead.objects.get(pk=lead.pk)
    links = lead.people.values_list("contact__first_name", "role")
    assert list(links) == [("New", ""), ("Martina", "user")]
    assert (lead.pain, lead.attributes, lead.deal.value) == ("Noise", {"plants": 7}, Decimal(500))
    assert Contact.objects.filter(pk=gone.pk).exists()


def test_editing_leaves_alone_what_was_estimated_and_not_touched(pages, alice):
    lead = LeadFactory(owner=alice, contact=ContactFactory(email="a@b.example"))
    Deal.objects.filter(pk=lead.pk).update(value=700, value_estimated=True)
    deal = Deal.objects.get(pk=lead.pk)
    contact = LeadContact.objects.get(lead=lead).contact
    person = {"contact": contact.pk, "first_name": contact.first_name, "email": "a@b.example"}

    pages.post(
        f"/leads/{lead.pk}/edit/",
        typed(
            person, known=1, company_name=lead.company.name, pain="Noise", value="700.00",
            expected_close_on=deal.expected_close_on.isoformat(),
        ),
    )  # fmt: skip

    deal = Deal.objects.get(pk=lead.pk)
    assert (deal.value_estimated, deal.close_estimated) == (True, True)


def test_the_form_shows_custom_fields_by_their_type(pages):
    for kind in ("text", "number", "date", "boolean"):
        CustomFieldFactory(key=kind, label=kind.title(), type=kind)

    page = text_of(pages.get("/leads/add/"))

    assert all(field.label in page for field in CustomField.objects.all())
