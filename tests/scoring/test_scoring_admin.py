"""Scoring models in the admin: listed, started, exported and imported, compared, published, restored."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from leads.models import ProductLine
from scoring.actions import change_draft, copy_model, import_model, publish_model
from scoring.models import Band, ManualExclusion, ScoringModel
from tests.definitions import MODEL
from tests.factories import LeadFactory


def page(name, model):
    return reverse(f"admin:scoring_scoringmodel_{name}", args=[model.pk])


@pytest.fixture
def site(client, admin):
    client.force_login(admin)
    return client


@pytest.fixture
def draft(admin):
    return import_model(MODEL, by=admin)


def test_models_are_listed_by_product_line_with_who_published_what_and_why(site, draft, admin):
    own = import_model(MODEL | {"name": "Sensors", "product_line": "Monitoring"}, by=admin)
    publish_model(own, by=admin, note="For the fair")
    answer = site.get(reverse("admin:scoring_scoringmodel_changelist"))
    assert [line.name if line else None for line, _ in answer.context["lines"]] == [None, "Monitoring"]
    text = answer.content.decode()
    for words in ("Sensors", "For the fair", "By size", "Ada Adler"):
        assert words in text


def test_the_list_costs_the_same_for_twenty_versions(site, draft, admin, django_assert_max_num_queries):
    for _ in range(20):
        copy_model(draft, by=admin)
    with django_assert_max_num_queries(8):
        site.get(reverse("admin:scoring_scoringmodel_changelist"))


def test_a_draft_begins_with_nothing_in_it(site):
    ProductLine.objects.create(name="Pumps")
    site.post(
        reverse("admin:scoring_scoringmodel_add"), {"begin": "empty", "name": "New", "product_line": "Pumps"}
    )
    model = ScoringModel.objects.get(name="New")
    assert (model.status, model.product_line.name, model.groups.count()) == ("draft", "Pumps", 0)


def test_a_draft_begins_with_an_export(site):
    file = SimpleUploadedFile("model.json", json.dumps(MODEL).encode())
    site.post(reverse("admin:scoring_scoringmodel_add"), {"file": file})
    assert ScoringModel.objects.get(name="By size").groups.count() == 2


def test_what_is_exported_can_be_imported_again(site, draft):
    answer = site.get(page("export", draft))
    assert answer["Content-Disposition"] == f'attachment; filename="by-size-{draft.version}.json"'
    site.post(reverse("admin:scoring_scoringmodel_add"), {"definition": answer.content.decode()})
    assert ScoringModel.objects.filter(name="By size").count() == 2


def test_each_fault_of_a_text_stands_beside_its_line_and_nothing_is_stored(site, draft):
    text = json.dumps(MODEL, indent=1).replace('"company.employees"', '"company.colour"', 1)
    answer = site.post(page("json", draft), {"definition": text, "revision": draft.revision})
    [fault] = answer.context["form"].faults
    assert answer.status_code == 422
    assert "company.colour" in text.splitlines()[fault.line - 1]
    assert fault.message in answer.content.decode()
    draft.refresh_from_db()
    assert draft.revision == 1


def test_what_is_no_json_is_refused_with_its_line(site, draft):
    answer = site.post(page("json", draft), {"definition": '{\n"name": \n', "revision": 1})
    [fault] = answer.context["form"].faults
    assert fault.line == 2
    assert "no JSON" in fault.message


@pytest.mark.parametrize("way", ["pasted", "uploaded"])
def test_ten_thousand_rules_are_too_many_and_said_so_in_their_place(site, draft, way):
    rule = MODEL["groups"][0]["rules"][0]
    document = MODEL | {"groups": [MODEL["groups"][0] | {"rules": [rule] * 10_000}]}
    text = json.dumps(document, indent=2)
    sent = {"definition": text} if way == "pasted" else {"file": SimpleUploadedFile("m.json", text.encode())}
    answer = site.post(page("json", draft), sent | {"revision": draft.revision})
    [fault] = answer.context["form"].faults
    assert fault.message == "The model has 10,000 rules; at most 300 are allowed."
    assert '"groups"' in fault.text


def test_a_text_that_was_overtaken_is_not_stored_and_not_lost(site, draft, manager):
    change_draft(draft, MODEL | {"name": "Theirs"}, by=manager)
    text = json.dumps(MODEL | {"name": "Mine"})
    answer = site.post(page("json", draft), {"definition": text, "revision": draft.revision})
    assert answer.status_code == 409
    assert "Mona Maier saved this draft after you opened it" in answer.content.decode()
    assert answer.context["form"]["definition"].value() == text
    draft.refresh_from_db()
    assert draft.name == "Theirs"


def test_the_text_of_what_is_live_is_only_read(site, draft, admin):
    publish_model(draft, by=admin)
    site.post(page("json", draft), {"definition": json.dumps(MODEL | {"name": "x"}), "revision": 1})
    draft.refresh_from_db()
    assert draft.name == "By size"
    assert "<textarea" not in site.get(page("json", draft)).content.decode()


def test_publishing_says_before_what_changes(site, draft, admin):
    publish_model(copy_model(draft, by=admin), by=admin)
    rules = [MODEL["groups"][0]["rules"][0] | {"points": 25}]
    change_draft(
        draft, MODEL | {"groups": [MODEL["groups"][0] | {"rules": rules}, MODEL["groups"][1]]}, by=admin
    )
    text = site.get(page("publish", draft)).content.decode()
    assert "Large 30 → 25" in text
    assert "gone: Known" in text


@pytest.mark.parametrize(("choice", "silent"), [("silent", True), ("fire", False), ("", True)])
def test_a_draft_is_published_with_note_and_choice_and_then_stays_as_it_is(site, draft, choice, silent):
    site.post(page("publish", draft), {"note": "Larger first", "crossings": choice})
    draft.refresh_from_db()
    assert (draft.status, draft.note, draft.published_by.username) == ("active", "Larger first", "ada")
    run = draft.runs.get()
    assert run.silent is silent
    progress = site.get(reverse("admin:scoring_scoringmodel_run", args=[run.pk])).content.decode()
    assert "Scoring leads" in progress or "leads looked at" in progress
    text = site.get(page("change", draft)).content.decode()
    assert "Employees is at least 100" in text
    assert 'id="workshop"' not in text


def test_a_second_click_on_publish_is_told_so(site, draft):
    site.post(page("publish", draft))
    answer = site.post(page("publish", draft), follow=True)
    assert "is live already" in answer.content.decode()
    assert draft.runs.count() == 1


def test_a_retired_version_is_restored_as_a_copy(site, draft, admin):
    first = ScoringModel.objects.active().filter(product_line=None).first()
    publish_model(draft, by=admin)
    site.post(page("restore", first), {"note": "The old one was better"})
    live = ScoringModel.objects.active().get(product_line=None)
    assert (live.name, live.note) == (first.name, "The old one was better")
    assert live.version > draft.version


def test_a_copy_is_a_draft_to_change(site, draft):
    site.post(page("copy", draft))
    assert ScoringModel.objects.filter(name="By size", status="draft").count() == 2


def test_two_versions_are_compared_line_by_line(site, draft, admin):
    other = import_model(MODEL | {"name": "Other", "groups": MODEL["groups"][:1]}, by=admin)
    answer = site.get(page("compare", draft), {"with": other.pk})
    text = answer.content.decode()
    assert answer.context["other"] == other
    assert "Website" in text
    assert "new" in text
    assert "Employees is at least 100" not in text  # it is the same
    whole = site.get(page("compare", draft), {"with": other.pk, "lines": "all"}).content.decode()
    assert "Employees is at least 100" in whole


def test_a_live_version_is_not_deleted(site, draft, admin):
    publish_model(draft, by=admin)
    assert site.post(page("delete", draft), {"post": "yes"}).status_code == 403
    assert ScoringModel.objects.filter(pk=draft.pk).exists()


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


@pytest.mark.parametrize("step", ["change", "try", "publish", "compare", "json", "export"])
def test_managers_and_reps_do_not_get_in(client, manager, draft, step):
    client.force_login(manager)
    assert client.get(page(step, draft)).status_code == 302
    client.post(page("publish", draft))
    draft.refresh_from_db()
    assert draft.status == "draft"
