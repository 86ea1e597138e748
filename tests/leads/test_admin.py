"""What administrators edit, what they are kept from, and keys that are seen once."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from leads.keys import hash_key
from leads.models import ActivityKind, ApiKey, CustomField, Organisation, Product, ProductLine, Question, User
from leads.roles import ADMINISTRATOR, SALES_MANAGER, SALES_REP, role_of
from tests.factories import (
    ApiKeyFactory,
    CampaignFactory,
    CustomFieldFactory,
    LeadFactory,
    ProductFactory,
    QuestionFactory,
    SourceFactory,
    TeamFactory,
)

pytestmark = pytest.mark.django_db

LISTS = [
    "user",
    "team",
    "productline",
    "product",
    "source",
    "campaign",
    "customfield",
    "question",
    "activitykind",
]


@pytest.fixture
def office(admin):
    client = Client()
    client.force_login(admin)
    return client


def page(name, *args):
    return reverse(f"admin:leads_{name}", args=args)


def errors_of(answer):
    return answer.context["adminform"].form.errors


@pytest.mark.parametrize("name", LISTS)
def test_every_list_and_form_opens(name, office, alice):
    line = ProductFactory().product_line
    LeadFactory(owner=alice, product_line=line, source=SourceFactory(), campaign=CampaignFactory(cost=5))
    CustomFieldFactory()
    row = {"user": alice, "team": TeamFactory(), "question": QuestionFactory()}.get(name)
    assert office.get(page(f"{name}_changelist")).status_code == 200
    assert office.get(page(f"{name}_add")).status_code == 200
    if row:
        assert office.get(page(f"{name}_change", row.pk)).status_code == 200


@pytest.mark.parametrize("person", ["alice", "manager"])
def test_the_admin_is_closed_to_everybody_else(person, request):
    client = Client()
    client.force_login(request.getfixturevalue(person))
    assert client.get(page("user_changelist")).status_code in (302, 403)


# Users


def user_fields(user, **changes):
    absences = {"absences-TOTAL_FORMS": 0, "absences-INITIAL_FORMS": 0}
    known = {"username": user.username, "email": user.email, "role": role_of(user), "is_active": "on"}
    fields = {**known, **absences, **changes}
    return {name: value for name, value in fields.items() if value is not None}


def test_a_user_is_added_with_a_role(office):
    office.post(
        page("user_add"),
        {
            "username": "dora", "email": "dora@plumbline.example", "role": SALES_MANAGER,
            "usable_password": "true", "password1": "a-long-secret-42", "password2": "a-long-secret-42",
        },
    )  # fmt: skip
    dora = User.objects.get(username="dora")
    assert (role_of(dora), dora.is_staff) == (SALES_MANAGER, False)
    assert dora.has_perm("leads.view_team_leads")


def test_a_role_takes_the_place_of_the_earlier(office, alice):
    office.post(page("user_change", alice.pk), user_fields(alice, role=ADMINISTRATOR))
    alice = User.objects.get(pk=alice.pk)
    assert (role_of(alice), alice.is_staff, alice.has_perm("leads.view_all_leads")) == (
        ADMINISTRATOR,
        True,
        True,
    )
    office.post(page("user_change", alice.pk), user_fields(alice, role=SALES_REP))
    alice = User.objects.get(pk=alice.pk)
    assert (role_of(alice), alice.is_staff, alice.has_perm("leads.view_all_leads")) == (
        SALES_REP,
        False,
        False,
    )


@pytest.mark.parametrize("change", [{"role": SALES_REP}, {"is_active": None}])
def test_nobody_takes_away_their_own_access(change, office, admin):
    answer = office.post(page("user_change", admin.pk), user_fields(admin, **change))
    assert errors_of(answer)["__all__"] == [
        "You cannot take away your own access. Ask another administrator."
    ]
    admin.refresh_from_db()
    assert (admin.is_active, role_of(admin)) == (True, ADMINISTRATOR)


def test_an_email_address_signs_in_one_user_only(office, alice, bob):
    answer = office.post(page("user_change", bob.pk), user_fields(bob, email=alice.email.upper()))
    assert errors_of(answer)["__all__"] == ["Somebody already signs in with this e-mail address."]


def test_users_are_not_deleted(office, alice):
    assert office.post(page("user_delete", alice.pk), {"post": "yes"}).status_code == 403
    assert User.objects.filter(pk=alice.pk).exists()


# API keys


def test_a_key_is_shown_once_and_nowhere_else(office, alice):
    answer = office.post(page("apikey_add"), {"name": "Website", "user": alice.pk})
    plain = re.search(r"plumb_[\w-]+", answer.content.decode()).group()
    key = ApiKey.objects.get()
    assert (key.hash, key.user) == (hash_key(plain), alice)
    assert "no-store" in answer["Cache-Control"]
    for address in (page("apikey_changelist"), page("apikey_change", key.pk), page("apikey_history", key.pk)):
        assert plain not in office.get(address).content.decode()


def test_a_key_needs_a_name_of_its_own(office, alice):
    ApiKeyFactory(name="Website")
    answer = office.post(page("apikey_add"), {"name": "Website", "user": alice.pk})
    assert errors_of(answer)["name"] == ["API key with this Name already exists."]


def test_a_key_is_revoked_and_neither_changed_nor_deleted(office):
    key = ApiKeyFactory()
    office.post(page("apikey_changelist"), {"action": "revoke", "_selected_action": [key.pk]})
    assert ApiKey.objects.get().is_revoked
    assert office.post(page("apikey_change", key.pk), {"name": "Other"}).status_code == 403
    assert office.post(page("apikey_delete", key.pk), {"post": "yes"}).status_code == 403


# Organisation, catalogue, fields


def test_there_is_one_organisation_to_edit(office):
    assert office.get(page("organisation_changelist"))["Location"] == page("organisation_change", 1)
    assert office.get(page("organisation_add")).status_code == 403
    fields = {
        "name": "Acme", "currency": "USD", "time_zone": "Europe/Berlin", "fiscal_year_start": 4,
        "score_display": "grade", "leaking_fields": " lead.custom.tags \n\nlead.custom.notable",
    }  # fmt: skip
    office.post(page("organisation_change", 1), fields)
    organisation = Organisation.objects.get()
    assert (organisation.currency, organisation.reps_may_pick) == ("USD", False)
    assert organisation.leaking_fields == ["lead.custom.tags", "lead.custom.notable"]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"currency": "euro"}, "Ensure this value has at most 3 characters (it has 4)."),
        ({"currency": "eur"}, "A currency is its ISO code, such as EUR."),
        ({"time_zone": "Berlin"}, "“Berlin” is no time zone. Use a name such as Europe/Berlin."),
        ({"fiscal_year_start": "13"}, "Ensure this value is less than or equal to 12."),
        ({"leaking_fields": "a\na"}, "More than once: a."),
    ],
)
def test_a_setting_that_cannot_be_is_named_beside_it(change, sentence, office):
    fields = {
        "name": "A",
        "currency": "EUR",
        "time_zone": "UTC",
        "fiscal_year_start": 1,
        "score_display": "points",
    }
    answer = office.post(page("organisation_change", 1), fields | change)
    assert sentence in errors_of(answer)[next(iter(change))]
    assert Organisation.objects.get().name != "A"


def test_a_product_line_is_added_with_its_products(office):
    inline = {"products-TOTAL_FORMS": 1, "products-INITIAL_FORMS": 0}
    bad = {"products-0-name": "GTX", "products-0-list_price": "-1", "products-0-currency": "EUR"}
    assert office.post(page("productline_add"), {"name": "Maven", **inline, **bad}).status_code == 200
    assert not ProductLine.objects.exists()
    office.post(page("productline_add"), {"name": "Maven", **inline, **bad, "products-0-list_price": "550"})
    assert str(Product.objects.get(product_line__name="Maven").list_price) == "550.00"


def test_the_key_of_a_custom_field_is_fixed_once_it_is_there(office):
    assert "key" in errors_of(
        office.post(page("customfield_add"), {"entity": "lead", "key": "1x", "label": "X"})
    )
    field = CustomFieldFactory(key="origin", label="Origin")
    office.post(
        page("customfield_change", field.pk), {"label": "Lead origin", "key": "other", "type": "number"}
    )
    field = CustomField.objects.get()
    assert (field.label, field.key, field.type) == ("Lead origin", "origin", "text")


@pytest.mark.parametrize(
    ("kind", "choices", "fault"),
    [
        ("choice", "Only one", "A list needs at least two answers, one a line."),
        ("yes_no", "Yes\nNo", "Only “One of a list” has answers to choose from."),
        ("choice", "Later\nNow\nLater", "More than once: Later."),
        ("choice", "This year\nLater", None),
        ("yes_no", "", None),
    ],
)
def test_a_question_has_answers_to_choose_from_only_when_it_is_a_list(kind, choices, fault, office):
    fields = {
        "text": "When?",
        "key": "when",
        "area": "timeframe",
        "type": kind,
        "choices": choices,
        "order": 1,
    }
    answer = office.post(page("question_add"), fields)
    if fault:
        assert fault in errors_of(answer)["choices"]
        assert not Question.objects.exists()
    else:
        assert Question.objects.get().choices == choices.splitlines()


def test_built_in_kinds_stay_and_own_ones_may_go(office):
    call = ActivityKind.objects.get(key="call")
    office.post(
        page("activitykind_change", call.pk), {"label": "Phone call", "key": "x", "counts_as_contact": "on"}
    )
    call.refresh_from_db()
    assert (call.label, call.key) == ("Phone call", "call")
    assert office.post(page("activitykind_delete", call.pk), {"post": "yes"}).status_code == 403
    own = ActivityKind.objects.create(key="site_visit", label="Site visit", by="rep")
    office.post(page("activitykind_delete", own.pk), {"post": "yes"})
    assert not ActivityKind.objects.filter(pk=own.pk).exists()
