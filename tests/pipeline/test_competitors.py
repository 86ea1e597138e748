"""The competitor to whom a deal was lost: asked for, found again, kept, imported, forgotten on reopening."""

import pytest

from leads.models import ExternalId, StatusChange
from leads.organisation import today
from pipeline.actions import DealClosing, close_deals, lose_deal, reopen_deal
from pipeline.models import Competitor, Deal, LostReason, Stage
from tests.api import program_of
from tests.factories import LeadFactory
from tests.factories_pipeline import DealFactory
from tests.imports import Files
from tests.statements import statements_of

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}
MAPPING = """
system = "crm"
[deals]
id = "Id"
[deals.columns]
Outcome = "outcome"
Reason = "reason"
Rival = "competitor"
Begun = "created_at"
Closed = "closed_on"
"""
HEAD = "Id,Outcome,Reason,Rival,Begun,Closed\n"


def reason(key="competitor") -> LostReason:
    return LostReason.objects.get(key=key)


def lost_to(pk) -> str | None:
    competitor = Deal.objects.get(pk=pk).lost_to
    return competitor and competitor.name


@pytest.fixture
def deal(alice) -> Deal:
    return DealFactory(lead=LeadFactory(owner=alice, status="working"))


@pytest.fixture
def pages(client, alice):
    client.force_login(alice)
    return client


def test_a_competitor_is_made_once_and_found_again_however_it_is_written(deal, alice):
    other = DealFactory()
    lose_deal(deal, reason=reason(), competitor="Rival AB", by=alice)
    lose_deal(other, reason=reason("price"), competitor=" rival ab ", by=alice)
    assert [lost_to(deal.pk), lost_to(other.pk)] == ["Rival AB", "Rival AB"]
    assert Competitor.objects.count() == 1


def test_the_history_keeps_whom_it_was_lost_to(deal, alice):
    lose_deal(deal, reason=reason("price"), competitor="Rival AB", by=alice)
    reopen_deal(deal, to=Stage.objects.get(key="demo"), by=alice)
    assert StatusChange.objects.filter(lead=deal.pk, reason="Price, lost to Rival AB").exists()
    assert lost_to(deal.pk) is None


def test_the_longest_names_fit_into_the_history(deal, alice):
    lose_deal(deal, reason=reason("price"), competitor="R" * 120, by=alice)
    assert StatusChange.objects.get(lead=deal.pk, outcome_after="lost").reason.endswith("R…")
    assert lost_to(deal.pk) == "R" * 120


def test_a_won_deal_and_a_refused_one_name_nobody(deal, alice):
    other = DealFactory()
    rows = [
        DealClosing(deal.pk, "won", competitor="Rival AB"),
        DealClosing(other.pk, "lost", reason_key="weather", competitor="Rival AB"),
    ]
    assert len(close_deals(rows, by=alice)) == 1
    assert not Competitor.objects.exists()


def test_twenty_losses_to_competitors_cost_as_many_statements_as_one(alice):
    deals = [DealFactory() for _ in range(21)]

    def lose(some):
        rows = [
            DealClosing(deal.pk, "lost", reason_key="price", competitor=f"Rival {deal.pk}") for deal in some
        ]
        return lambda: close_deals(rows, by=alice)

    one = statements_of(lose(deals[:1]))
    assert statements_of(lose(deals[1:])) == one


# ---- on pages


def test_the_reason_competitor_asks_for_a_name_and_other_reasons_do_not(pages, deal):
    address = f"/leads/{deal.pk}/lose/"
    typed = {"closed_on": today().isoformat()}
    unnamed = pages.post(address, {"reason": reason().pk, **typed}, headers=HTMX)
    assert unnamed.status_code == 422
    assert "“Competitor” needs a name" in unnamed.content.decode()
    assert pages.post(address, {"reason": reason("price").pk, **typed}, headers=HTMX).status_code == 204


def test_administrators_choose_which_reason_asks(pages, deal):
    LostReason.objects.filter(key="competitor").update(asks_competitor=False, name="Somebody else")
    typed = {"reason": reason().pk, "closed_on": today().isoformat()}
    assert pages.post(f"/leads/{deal.pk}/lose/", typed, headers=HTMX).status_code == 204


def test_a_name_is_kept_shown_and_suggested_the_next_time(pages, alice, deal):
    typed = {"reason": reason().pk, "closed_on": today().isoformat(), "competitor": "<Rival> & Sons"}
    pages.post(f"/leads/{deal.pk}/lose/", typed)
    assert lost_to(deal.pk) == "<Rival> & Sons"
    assert "<dt>Lost to</dt><dd>&lt;Rival&gt; &amp; Sons</dd>" in (
        pages.get(f"/leads/{deal.pk}/").content.decode()
    )
    other = LeadFactory(owner=alice, status="working")
    dialog = pages.get(f"/leads/{other.pk}/lose/", headers=HTMX).content.decode()
    assert '<option value="&lt;Rival&gt; &amp; Sons"></option>' in dialog


def test_several_deals_are_lost_to_one_competitor_at_once(pages, alice, deal):
    other = LeadFactory(owner=alice, status="working")
    typed = {"reason": reason().pk, "closed_on": today().isoformat(), "lead": [deal.pk, other.pk]}
    assert pages.post("/leads/bulk/lose/", typed, headers=HTMX).status_code == 422
    answer = pages.post("/leads/bulk/lose/", {**typed, "competitor": "Rival AB"}, headers=HTMX)
    assert answer.status_code == 204
    assert {lost_to(deal.pk), lost_to(other.pk)} == {"Rival AB"}


# ---- from programs and files


def test_a_program_names_the_competitor_or_does_not_know_it(admin, deal):
    program, other = program_of(admin), DealFactory()
    body = {"outcome": "lost", "reason": "competitor"}
    program.post(f"/leads/{deal.pk}/close", {**body, "competitor": "Rival AB"})
    program.post(f"/leads/{other.pk}/close", body)
    assert (lost_to(deal.pk), lost_to(other.pk)) == ("Rival AB", None)
    fault = program.post(f"/leads/{other.pk}/close", {**body, "competitor": "R" * 121}, expect=422)
    assert [error["path"] for error in fault["errors"]] == ["competitor"]


def test_an_import_brings_competitors_of_lost_deals_only(tmp_path):
    files = Files(tmp_path)
    rows = "1,lost,competitor,Rival AB,2026-01-02,2026-01-05\n2,won,,Nobody,2026-01-02,2026-01-05\n"
    files.run("import_deals", HEAD + rows, MAPPING)
    assert [lost_to(pk) for pk in imported("1", "2")] == ["Rival AB", None]


def test_a_second_import_closes_an_open_deal_with_its_competitor(tmp_path):
    files = Files(tmp_path)
    files.run("import_deals", f"{HEAD}1,open,,,2026-01-02,\n", MAPPING)
    files.run("import_deals", f"{HEAD}1,lost,price,Rival AB,2026-01-02,{today()}\n", MAPPING)
    assert not files.rejected
    assert [lost_to(pk) for pk in imported("1")] == ["Rival AB"]


def imported(*external_ids) -> list[int]:
    ids = dict(ExternalId.objects.filter(entity="lead").values_list("external_id", "object_id"))
    return [ids[external_id] for external_id in external_ids]
