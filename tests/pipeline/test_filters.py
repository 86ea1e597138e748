"""The filters of triage and board, from an address to leads and chips."""

import pytest
from django.http import QueryDict

from leads.models import Lead
from leads.querysets import LeadQuerySet
from pipeline.bands import live_ladder
from pipeline.choices import choices_for
from pipeline.filters import TriageFilter
from pipeline.models import Deal, Stage
from scoring.models import LeadScore
from tests.factories import CampaignFactory, ContactFactory, LeadFactory, ProductLineFactory, SourceFactory
from tests.scored import score


@pytest.fixture
def filtered(alice):
    """Filters of an address, for Alice."""

    def make(query: str, user=alice) -> TriageFilter:
        leads = Lead.objects.visible_to(user)
        return TriageFilter(
            QueryDict(query), leads, user=user, choices=choices_for(user), ladder=live_ladder()
        )

    return make


def names(leads: LeadQuerySet) -> list[str]:
    return sorted(lead.pain for lead in leads)


def test_without_a_status_only_leads_that_wait_for_attention_are_shown(filtered, alice):
    for status in ("new", "working", "qualified", "nurturing"):
        LeadFactory(owner=alice, pain=status, status=status)
    LeadFactory(owner=alice, pain="won", status="qualified", outcome="won")

    assert names(filtered("").qs) == ["new", "qualified", "working"]
    assert names(filtered("status=nurturing").qs) == ["nurturing"]
    assert names(filtered("status=won").qs) == names(filtered("status=closed").qs) == ["won"]
    assert len(filtered("status=any").qs) == 5


def test_a_status_of_open_leads_leaves_out_the_closed_ones_that_had_it(filtered, alice):
    LeadFactory(owner=alice, pain="open", status="qualified")
    LeadFactory(owner=alice, pain="closed", status="qualified", outcome="lost")

    assert names(filtered("status=qualified").qs) == ["open"]


def test_owners_are_me_nobody_or_a_colleague(filtered, alice, bob, manager):
    LeadFactory(owner=alice, pain="mine")
    LeadFactory(owner=bob, pain="bob's")
    LeadFactory(pain="nobody's")

    assert names(filtered("owner=me").qs) == ["mine"]
    assert names(filtered("owner=nobody").qs) == ["nobody's"]
    assert names(filtered(f"owner={bob.pk}", manager).qs) == ["bob's"]
    assert names(filtered(f"owner={bob.pk}").qs) == []


def test_bands_include_the_leads_without_one(filtered, alice):
    score(LeadFactory(owner=alice, pain="hot"), 80)
    score(LeadFactory(owner=alice, pain="warm"), 50)
    LeadFactory(owner=alice, pain="unscored")
    excluded = LeadFactory(owner=alice, pain="excluded")
    LeadScore.objects.filter(pk=excluded.pk).update(state="excluded")

    assert {band: names(filtered(f"band={band}").qs) for band in ("hot", "warm", "unscored", "excluded")} == {
        "hot": ["hot"],
        "warm": ["warm"],
        "unscored": ["unscored"],
        "excluded": ["excluded"],
    }


@pytest.mark.parametrize(
    ("name", "factory"),
    [("product_line", ProductLineFactory), ("source", SourceFactory), ("campaign", CampaignFactory)],
)
def test_facts_of_the_lead_narrow_the_list(filtered, alice, name, factory):
    row = factory(name="Wanted")
    LeadFactory(owner=alice, pain="yes", **{name: row})
    LeadFactory(owner=alice, pain="no")

    filters = filtered(f"{name}={row.pk}")

    assert names(filters.qs) == ["yes"]
    assert [(chip.value, chip.without) for chip in filters.chips()] == [("Wanted", "?")]


def test_stages_narrow_the_list(filtered, alice):
    demo = Stage.objects.get(key="demo")
    deal = LeadFactory(owner=alice, pain="demo")
    Deal.objects.filter(pk=deal.pk).update(stage=demo)
    LeadFactory(owner=alice, pain="qualify")

    assert names(filtered(f"stage={demo.pk}").qs) == ["demo"]


def test_each_word_of_the_text_is_looked_for_in_one_person(filtered, alice):
    marta = ContactFactory(first_name="Marta", last_name="Lindqvist", email="")
    other = ContactFactory(first_name="Marta", last_name="Aas", email="")
    LeadFactory(owner=alice, pain="marta", contact=marta)
    LeadFactory(owner=alice, pain="other", contact=other)

    assert names(filtered("q=lind mar").qs) == ["marta"]
    assert names(filtered("q=MARTA").qs) == ["marta", "other"]
    assert names(filtered("q=nobody").qs) == []


@pytest.mark.parametrize("query", ["band=purple", "stage=999999", "stage=x", "owner=999999", "status=odd"])
def test_a_value_that_is_none_narrows_nothing_and_is_said(filtered, alice, query):
    LeadFactory(owner=alice, pain="mine")

    filters = filtered(query)

    assert names(filters.qs) == ["mine"]
    assert filters.form.errors
    assert filters.chips()[0].value == query.partition("=")[2]


def test_a_chip_drops_its_filter_and_the_page_but_keeps_the_others(filtered):
    chips = filtered("band=hot&q=a&sort=value&cursor=f~0~1~2~3").chips()

    assert [chip.without for chip in chips] == ["?band=hot&sort=value", "?q=a&sort=value"]


def test_everything_that_filters_offer_is_read_in_one_query(alice, django_assert_num_queries):
    alice.has_perm("leads.view_all_leads")
    with django_assert_num_queries(1):
        choices_for(alice)
