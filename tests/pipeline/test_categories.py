"""Categories of the forecast: by confidence, by hand with a note, and back."""

import pytest
from django.test import Client

from leads.actions import LeadClosed
from pipeline.actions import CategoryWrong, categorise_deal
from pipeline.models import CategoryChange, Deal
from tests.factories_pipeline import DealFactory

pytestmark = pytest.mark.django_db


def category(deal):
    return Deal.objects.with_category().get(pk=deal.pk).category


@pytest.mark.parametrize(
    ("confidence", "expected"),
    [
        (100, "commit"),
        (80, "commit"),
        (79, "best_case"),
        (50, "best_case"),
        (49, "pipeline"),
        (10, "pipeline"),
        (9, "omitted"),
        (0, "omitted"),
    ],
)
def test_the_confidence_decides_unless_somebody_does(confidence, expected, admin):
    deal = DealFactory(confidence=confidence)
    assert category(deal) == expected
    categorise_deal(deal, "omitted", note="Budget frozen", by=admin)
    assert category(deal) == "omitted"
    categorise_deal(deal, "", note="Thawed", by=admin)
    assert category(deal) == expected
    changes = CategoryChange.objects.filter(deal=deal)
    assert [(change.before, change.after, change.note, change.by) for change in changes] == [
        ("", "omitted", "Budget frozen", admin),
        ("omitted", "", "Thawed", admin),
    ]


def test_putting_it_where_it_is_leaves_no_trace(admin):
    categorise_deal(DealFactory(), "", note="As it is", by=admin)
    assert not CategoryChange.objects.exists()


@pytest.mark.parametrize(("to", "note"), [("won", "x"), ("commit", " "), ("commit", "x" * 2001)])
def test_an_unknown_category_and_a_missing_note_are_refused(to, note, admin):
    deal = DealFactory()
    with pytest.raises(CategoryWrong):
        categorise_deal(deal, to, note=note, by=admin)
    assert not CategoryChange.objects.exists()


def test_a_closed_deal_has_none(admin):
    with pytest.raises(LeadClosed):
        categorise_deal(DealFactory(lead__outcome="won"), "commit", note="Too late", by=admin)


def test_the_dialog_moves_a_deal_and_tells_what_was_done(alice, bob):
    deal = DealFactory(lead__owner=alice)
    client = Client()
    client.force_login(alice)
    address = f"/leads/{deal.pk}/category/"
    assert client.post(address, {"category": "commit", "note": ""}).status_code == 422
    assert client.post(address, {"category": "commit", "note": "Signed orally"}).status_code == 302
    assert category(deal) == "commit"
    assert "Signed orally" in client.get(address).content.decode()
    client.force_login(bob)
    assert client.get(address).status_code == 404
