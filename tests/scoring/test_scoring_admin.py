"""Scoring models in the admin: drafted as JSON, read in words, published, never edited once live."""

import json

import pytest
from django.urls import reverse

from scoring.models import Band, ManualExclusion, ScoringModel
from tests.definitions import MODEL
from tests.factories import LeadFactory

ADD = "admin:scoring_scoringmodel_add"
CHANGE = "admin:scoring_scoringmodel_change"


@pytest.fixture
def site(client, admin):
    client.force_login(admin)
    return client


@pytest.fixture
def draft(site):
    site.post(reverse(ADD), {"definition": json.dumps(MODEL)})
    return ScoringModel.objects.get(name="By size")


def test_a_pasted_definition_becomes_a_draft_that_reads_in_words(site, draft):
    assert draft.status == "draft"
    page = site.get(reverse(CHANGE, args=[draft.pk])).content.decode()
    for words in ("Employees is at least 100", "at most 33", "halves every 30 days", "+30", "Hot"):
        assert words in page


def test_each_fault_stands_beside_its_line_and_nothing_is_stored(site):
    before = ScoringModel.objects.count()
    text = json.dumps(MODEL, indent=1).replace('"company.employees"', '"company.colour"', 1)
    answer = site.post(reverse(ADD), {"definition": text})
    [fault] = answer.context["faults"]
    assert "company.colour" in text.splitlines()[fault.line - 1]
    assert fault.path == "groups[0].rules[0].when.field"
    assert fault.message in answer.content.decode()
    assert ScoringModel.objects.count() == before


def test_what_is_no_json_is_refused_with_its_line(site):
    answer = site.post(reverse(ADD), {"definition": '{\n"name": \n'})
    [fault] = answer.context["faults"]
    assert fault.line == 2
    assert "no JSON" in fault.message


def test_a_draft_is_published_and_then_stays_as_it_is(site, draft):
    site.post(reverse("admin:scoring_scoringmodel_publish", args=[draft.pk]), {"note": "Larger first"})
    draft.refresh_from_db()
    assert (draft.status, draft.note) == ("active", "Larger first")
    run = draft.runs.get()
    assert run.silent
    progress = site.get(reverse("admin:scoring_scoringmodel_run", args=[run.pk])).content.decode()
    assert "Scoring leads" in progress or "leads looked at" in progress
    page = site.get(reverse(CHANGE, args=[draft.pk])).content.decode()
    assert "<textarea" not in page
    site.post(reverse(CHANGE, args=[draft.pk]), {"definition": "{}"})
    draft.refresh_from_db()
    assert draft.groups.count() == 2


def test_a_second_click_on_publish_is_told_so(site, draft):
    publish = reverse("admin:scoring_scoringmodel_publish", args=[draft.pk])
    site.post(publish)
    answer = site.post(publish, follow=True)
    assert "is live already" in answer.content.decode()
    assert draft.runs.count() == 1


def test_a_retired_version_is_restored_as_a_copy(site, draft):
    first = ScoringModel.objects.active().filter(product_line=None).first()
    site.post(reverse("admin:scoring_scoringmodel_publish", args=[draft.pk]))
    site.post(reverse("admin:scoring_scoringmodel_restore", args=[first.pk]))
    live = ScoringModel.objects.active().get(product_line=None)
    assert live.name == first.name
    assert live.version > draft.version


def test_a_copy_is_a_draft_to_change(site, draft):
    site.post(reverse("admin:scoring_scoringmodel_copy", args=[draft.pk]))
    assert ScoringModel.objects.filter(name="By size", status="draft").count() == 2


def test_a_domain_is_excluded_and_lifted_by_hand(site):
    add = reverse("admin:scoring_manualexclusion_add")
    site.post(add, {"lead": "", "domain": "rival.example", "why": "A competitor"})
    exclusion = ManualExclusion.objects.get()
    assert exclusion.by.username == "ada"
    changelist = reverse("admin:scoring_manualexclusion_changelist")
    site.post(changelist, {"action": "lift", "_selected_action": [exclusion.pk]})
    exclusion.refresh_from_db()
    assert exclusion.lifted_at is not None


def test_a_lead_is_excluded_by_hand(site):
    lead = LeadFactory()
    site.post(
        reverse("admin:scoring_manualexclusion_add"), {"lead": lead.pk, "domain": "", "why": "A researcher"}
    )
    assert ManualExclusion.objects.get().lead == lead


def test_bands_are_renamed_but_keep_their_key(site):
    band = Band.objects.get(key="hot")
    form = {"key": "boiling", "name": "Boiling", "lane": band.lane, "colour": "hot", "order": 1}
    site.post(reverse("admin:scoring_band_change", args=[band.pk]), form)
    band.refresh_from_db()
    assert (band.key, band.name) == ("hot", "Boiling")


def test_managers_and_reps_do_not_get_in(client, manager, draft):
    client.force_login(manager)
    assert client.get(reverse(CHANGE, args=[draft.pk])).status_code == 302
    client.post(reverse("admin:scoring_scoringmodel_publish", args=[draft.pk]))
    draft.refresh_from_db()
    assert draft.status == "draft"
