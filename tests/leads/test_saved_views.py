"""Saved views: kept by their user, opened by their address, deleted."""

import pytest
from django.test import Client

from leads.actions import ViewWrong, save_view
from leads.models import SavedView

pytestmark = pytest.mark.django_db

PAGE = "reports:forecast"


@pytest.fixture
def send(alice):
    client = Client()
    client.force_login(alice)

    def send(address, expect=200, **fields):
        answer = client.post(address, fields, follow=True)
        assert answer.status_code == expect
        return answer.content.decode()

    return send


def test_a_view_is_saved_opened_and_deleted_on_its_page(send, alice):
    page = send("/views/save/", page=PAGE, query="by=quarter&weighted=false", name="  By   quarter ")
    assert "“By quarter” is saved." in page
    assert 'href="/reports/forecast/?by=quarter&amp;weighted=false" aria-current="true"' in page
    view = SavedView.objects.get()
    assert (view.user, view.name) == (alice, "By quarter")
    assert "is deleted" in send(f"/views/{view.pk}/delete/", query="by=quarter")
    assert not SavedView.objects.exists()


def test_the_same_name_replaces_and_another_page_has_its_own(alice):
    for query in ("by=month", "by=quarter"):
        save_view("Mine", page=PAGE, query=query, by=alice)
    save_view("Mine", page="reports:funnel", query="", by=alice)
    assert sorted(SavedView.objects.values_list("query", flat=True)) == ["", "by=quarter"]


def test_views_are_their_users_own(send, alice, bob):
    view = save_view("Bobs", page=PAGE, query="", by=bob)
    assert "Bobs" not in send("/views/save/", page=PAGE, query="", name="Mine")
    send(f"/views/{view.pk}/delete/", expect=404)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"name": " "}, "Give the view a name"),
        ({"name": "x" * 81}, "Give the view a name"),
        ({"query": "a=" + "x" * 3000}, "too long to be saved"),
        ({"page": "nowhere:at_all"}, "There is no such page."),
        ({"page": "leads:detail"}, "There is no such page."),
    ],
)
def test_what_cannot_be_saved_gets_a_sentence(send, alice, wrong, sentence):
    asked = {"page": PAGE, "query": "", "name": "Mine"} | wrong
    with pytest.raises(ViewWrong, match=sentence):
        save_view(by=alice, **asked)
    assert sentence in send("/views/save/", **asked)
    assert not SavedView.objects.exists()


def test_a_query_is_kept_as_parameters_only(alice):
    assert save_view("x", page=PAGE, query="by=a%00&<b>=1", by=alice).query == "by=a%00&%3Cb%3E=1"


def test_there_are_at_most_fifty(alice, monkeypatch):
    monkeypatch.setattr("leads.actions.saved.MOST", 1)
    save_view("One", page=PAGE, query="", by=alice)
    save_view("One", page=PAGE, query="by=month", by=alice)
    with pytest.raises(ViewWrong, match="Delete one first"):
        save_view("Two", page=PAGE, query="", by=alice)
