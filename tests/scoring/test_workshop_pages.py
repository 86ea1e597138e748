"""The editor of a draft as a page: without JavaScript every button is a request, and nothing gets lost."""

import json
import re
from html import unescape

import pytest
from django.urls import reverse

from leads.models import CustomField
from scoring.actions import change_draft, comment_on_line, import_model, publish_model
from scoring.rows import load_definition
from tests.definitions import BANDS, MODEL
from tests.factories import CompanyFactory, LeadFactory

LARGE = "groups[0].rules[0]"
HTMX = {"HX-Request": "true"}


def page(name, model):
    return reverse(f"admin:scoring_scoringmodel_{name}", args=[model.pk])


@pytest.fixture
def site(client, admin):
    client.force_login(admin)
    return client


@pytest.fixture
def draft(admin):
    return import_model(MODEL, by=admin)


def fields(answer):
    """What a browser would send back from the form on this page."""
    text = answer.content.decode()
    form = text[text.index('<form id="workshop"') :]
    found = {
        "document": unescape(
            re.search(r"<textarea name=\"document\"[^>]*>(.*?)</textarea>", form, re.DOTALL)[1]
        )
    }
    for tag in re.findall(r"<input [^>]*>", form):
        named, value = re.search(r'name="([^"]*)"', tag), re.search(r' value="([^"]*)"', tag)
        found[named[1]] = unescape(value[1]) if value else ""
    for name, options in re.findall(r'<select [^>]*name="([^"]*)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', options)
        found[name] = unescape(chosen[1]) if chosen else ""
    return found


class Form:
    """The form in a browser without JavaScript."""

    def __init__(self, site, model):
        self.site, self.address = site, page("change", model)
        self.answer = site.get(self.address)

    def press(self, do, **typed):
        self.answer = self.site.post(self.address, fields(self.answer) | typed | {"do": do})
        return self.answer

    @property
    def text(self):
        return unescape(self.answer.content.decode())


@pytest.fixture
def form(site, draft):
    return Form(site, draft)


def test_a_draft_reads_in_words_with_what_it_can_give(form):
    for words in ("Employees", "is at least", "halves every 30 days", "can give at most", "Hot", "Page view"):
        assert words in form.text
    assert form.answer.context["sheet"].reach.best == 63


def test_what_is_sent_back_untouched_is_what_was_there(form, draft):
    before = load_definition(draft)
    for path in ("groups[0]", LARGE, "groups[1]", "groups[1].rules[0]"):
        form.press(f"open|{path}")
        assert not form.answer.context["is_unsaved"]
    form.press("save")
    draft.refresh_from_db()
    assert load_definition(draft) == before


def test_a_rule_is_written_without_a_line_of_json(form, draft, admin):
    form.press("add_rule|groups[0]")
    place = "groups[0].rules[2]"
    assert "Is empty." not in form.text  # nobody has had the time to fill it
    form.press("show", **{f"at:{place}.name": "Nordic", f"at:{place}.when.field": "company.country"})
    form.press("show", **{f"at:{place}.when.op": "in"})
    form.press("show", **{f"add:{place}.when.value": "SE"})
    form.press("show", **{f"add:{place}.when.value": "NO", f"at:{place}.points": "3"})
    assert "Sweden" in form.text
    assert form.press("save").status_code == 303
    draft.refresh_from_db()
    rule = load_definition(draft).groups[0].rules[2]
    assert (rule.name, rule.points, rule.when.value) == ("Nordic", 3, ("SE", "NO"))
    assert (draft.revision, draft.changed_by) == (2, admin)


def test_nothing_is_stored_before_it_is_saved(form, draft):
    form.press(f"remove|{LARGE}")
    assert "Not saved yet" in form.text
    assert len(load_definition(draft).groups[0].rules) == 2


def test_totals_are_counted_anew_while_one_types(site, form, draft):
    sent = fields(form.answer) | {f"at:{LARGE}.points": "5", "do": "look"}
    text = site.post(form.address, sent, headers=HTMX).content.decode()
    assert 'id="totals"' in text
    assert 'hx-swap-oob="true"' in text
    assert "<form" not in text
    assert "can give at most <b>15</b> of 33" in text


def test_differences_from_what_is_live_stand_in_the_form(site, draft, admin):
    publish_model(import_model(MODEL, by=admin), by=admin)
    form = Form(site, draft)
    form.press("show", **{f"at:{LARGE}.points": "25"})
    assert [line.summary for line in form.answer.context["sheet"].changes] == ["Large 30 → 25"]
    assert '<span class="pl-was"' in form.text


@pytest.mark.parametrize(
    ("typed", "path", "message"),
    [
        ({"at:groups[0].max": "-5"}, "groups[0].max", "A maximum below 0 would take points from every lead."),
        ({"at:groups[0].max": "lots"}, "groups[0].max", "Must be a number."),
        ({f"at:{LARGE}.points": "34"}, f"{LARGE}.points", "34 points are above the group's maximum of 33."),
        ({"at:bands[1].enter": "75"}, "bands[1].enter", "Must be below 70, where the band above begins."),
        ({"at:bands[0].leave": "20"}, "bands[0].leave", "Must not be below 40, where the band below begins."),
        ({"at:bands[0].leave": "80"}, "bands[0].leave", "To leave at 80 is above entering at 70."),
        ({"at:bands[3].enter": "5"}, "bands", "No band begins at 0, so a low score would have none."),
        ({"at:grades.fit[1]": "80"}, "grades.fit", "The bounds must fall."),
        ({"at:name": ""}, "name", "Is empty."),
    ],
)
def test_a_fault_stands_in_its_place_and_nothing_is_stored(form, draft, typed, path, message):
    answer = form.press("save", **typed)
    assert answer.status_code == 422
    assert message in form.text
    [fault] = [found for found in answer.context["sheet"].faults.found if found.path == path]
    assert fault.message.startswith(message)
    for name, text in typed.items():
        assert fields(answer)[name].replace("−", "-") == text
    draft.refresh_from_db()
    assert draft.revision == 1


def test_what_is_refused_opens_where_the_fault_is_and_says_which_field(form):
    form.press(f"open|{LARGE}")
    answer = form.press("save", **{"at:groups[1].rules[0].points": "many", f"at:{LARGE}.points": "12"})
    sheet = answer.context["sheet"]
    assert sheet.open_at == "groups[1].rules[0]"
    assert [(where, what) for where, what, _ in sheet.fault_list] == [
        ("Website › Page › points", "Must be a number.")
    ]
    assert re.search(r'<section[^>]*id="refusal" tabindex="-1" autofocus', form.text)


def test_a_fault_is_marked_on_the_field_that_has_it(form):
    form.press("save", **{"at:groups[0].max": "-5"})
    field = re.search(r'<input id="at-groups-0-max"[^>]*>', form.text)[0]
    assert 'aria-invalid="true"' in field
    assert 'aria-describedby="at-groups-0-max-fault"' in field


def test_a_rule_that_names_a_deleted_field_says_so_where_it_stands(site, draft, admin):
    region = CustomField.objects.create(entity="lead", key="region", label="Region", type="text")
    rule = {"name": "North", "points": 5, "when": {"field": "lead.custom.region", "op": "eq", "value": "N"}}
    group = MODEL["groups"][0] | {"rules": [rule]}
    draft = change_draft(draft, MODEL | {"groups": [group]}, by=admin)
    region.delete()
    form = Form(site, draft)
    assert "Unknown field “lead.custom.region”." in form.text
    form.press(f"open|{LARGE}")
    assert "lead.custom.region, deleted" in form.text
    assert "Unknown field “lead.custom.region”." in site.get(page("publish", draft)).content.decode()
    site.post(page("publish", draft))
    draft.refresh_from_db()
    assert draft.status == "draft"


def test_the_second_of_two_who_save_is_told_and_loses_nothing(form, draft, manager):
    form.press(f"open|{LARGE}")
    theirs = MODEL | {"name": "Theirs"}
    change_draft(draft, theirs, by=manager)
    answer = form.press("save", **{f"at:{LARGE}.points": "12"})
    assert answer.status_code == 409
    assert "Mona Maier saved this draft after you opened it." in form.text
    assert fields(answer)[f"at:{LARGE}.points"] == "12"
    assert "Name: Theirs → By size" in re.sub(r"\s+", " ", form.text)
    draft.refresh_from_db()
    assert (draft.name, draft.revision) == ("Theirs", 2)
    form.press("save")  # having seen it
    draft.refresh_from_db()
    assert (draft.name, load_definition(draft).groups[0].rules[0].points) == ("By size", 12)


def test_a_draft_that_was_published_meanwhile_is_not_changed(form, draft, admin):
    publish_model(draft, by=admin)
    text = unescape(form.press("save", **{"at:name": "Late"}).content.decode())
    draft.refresh_from_db()
    assert draft.name == "By size"
    assert "Copy to a new draft" in text


def test_what_somebody_changed_meanwhile_is_not_published_unseen(site, draft, manager):
    text = site.get(page("publish", draft)).content.decode()
    seen = re.search(r'name="revision" value="(\d+)"', text)[1]
    change_draft(draft, MODEL | {"name": "Theirs"}, by=manager)
    answer = site.post(page("publish", draft), {"revision": seen}, follow=True)
    assert "Mona Maier changed this draft while you looked at it." in unescape(answer.content.decode())
    draft.refresh_from_db()
    assert draft.status == "draft"
    site.post(page("publish", draft), {"revision": answer.context["model"].revision})
    draft.refresh_from_db()
    assert draft.status == "active"


def test_values_are_read_by_their_names(site, admin):
    when = {"field": "company.country", "op": "in", "value": ["SE", "NO"]}
    group = MODEL["groups"][0] | {"rules": [{"name": "Nordic", "points": 5, "when": when}]}
    form = Form(site, import_model(MODEL | {"groups": [group]}, by=admin))
    assert "Sweden, Norway" in form.text


def test_saving_goes_on_to_the_next_step(form, draft):
    assert form.press("publish")["Location"] == page("publish", draft)


def test_comments_stand_beside_their_rule(site, draft, alice, admin):
    live = publish_model(import_model(MODEL, by=admin), by=admin).model
    lead = LeadFactory(owner=alice, company=CompanyFactory(employees=500))
    comment_on_line(lead, model=live, group="Size", rule="Large", text="This should not count", by=alice)
    assert "This should not count" in Form(site, draft).text


@pytest.mark.parametrize(
    "sent",
    [
        {"document": "[]"},
        {"document": "no json"},
        {"do": "remove|groups[9]"},
        {"do": "explode|groups[0]"},
        {"at:groups[0].owner": "me"},
    ],
)
def test_what_no_form_of_ours_sends_is_refused(site, form, draft, sent):
    answer = site.post(form.address, fields(form.answer) | {"do": "show"} | sent)
    assert answer.status_code == 400


def test_the_form_costs_the_same_for_twenty_rules(site, draft, admin, django_assert_max_num_queries):
    rules = [MODEL["groups"][0]["rules"][0] | {"name": f"Rule {number}"} for number in range(20)]
    change_draft(draft, MODEL | {"groups": [MODEL["groups"][0] | {"rules": rules}] * 3}, by=admin)
    with django_assert_max_num_queries(34):
        site.get(page("change", draft))


def test_values_are_suggested_from_the_data(site, draft):
    for industry in ("Energy", "Energy", "Chemicals", ""):
        CompanyFactory(industry=industry)
    values = reverse("admin:scoring_scoringmodel_values")
    text = site.get(values, {"field": "company.industry"}).content.decode()
    assert re.findall(r'value="([^"]*)"', text)[:2] == ["Energy", "Chemicals"]
    typed = site.get(values, {"field": "company.industry", f"at:{LARGE}.when.value": "chem"}).content.decode()
    assert re.findall(r'value="([^"]*)"', typed) == ["Chemicals"]
    assert (
        "Sweden"
        in site.get(values, {"field": "company.country", f"at:{LARGE}.when.value": "swe"}).content.decode()
    )
    assert "option" not in site.get(values, {"field": "no.field"}).content.decode()


# One lead


def test_a_lead_is_tried_rule_by_rule_beside_what_is_live(site, draft, admin):
    publish_model(import_model(MODEL, by=admin), by=admin)
    lead = LeadFactory(company=CompanyFactory(name="Hallberg", employees=500))
    rules = [MODEL["groups"][0]["rules"][0] | {"points": 12}]
    change_draft(draft, MODEL | {"groups": [MODEL["groups"][0] | {"rules": rules}]}, by=admin)
    answer = site.get(page("try", draft), {"lead": lead.pk})
    [size, website, _] = answer.context["groups"]
    assert (size.before, size.after) == (330, 120)
    large = size.lines[0]
    assert (large.name, large.before, large.after) == ("Large", 300, 120)
    assert (website.before, website.after) == (0, None)
    assert answer.context["difference"] == -21
    for side, total in ((answer.context["now"], 33), (answer.context["then"], 12)):
        assert sum(group.points for group in side.groups) == total * 10
        assert all(sum(line.points for line in group.lines) == group.points for group in side.groups)


def test_trying_changes_nothing(site, draft):
    lead = LeadFactory(company=CompanyFactory(employees=500))
    before = lead.score.as_of, lead.score.total
    site.get(page("try", draft), {"lead": lead.pk})
    lead.score.refresh_from_db()
    assert (lead.score.as_of, lead.score.total) == before


def test_a_change_of_the_draft_is_tried_at_once(site, draft, admin):
    lead = LeadFactory(company=CompanyFactory(employees=500))
    assert site.get(page("try", draft), {"lead": lead.pk}).context["then"].total == 33
    change_draft(draft, MODEL | {"groups": [], "bands": BANDS}, by=admin)
    assert site.get(page("try", draft), {"lead": lead.pk}).context["then"].total == 0


def test_an_excluded_lead_says_by_what(site, draft, admin):
    when = {"field": "company.employees", "op": "gte", "value": 100}
    change_draft(draft, MODEL | {"exclusions": [{"name": "Competitor", "when": when}]}, by=admin)
    lead = LeadFactory(company=CompanyFactory(employees=500))
    assert "Excluded: Competitor" in site.get(page("try", draft), {"lead": lead.pk}).content.decode()


def test_a_lead_is_found_by_its_company(site, draft):
    LeadFactory(company=CompanyFactory(name="Hallberg"))
    LeadFactory(company=CompanyFactory(name="Lindqvist"))
    text = site.get(page("try", draft), {"q": "hallb"}, headers=HTMX).content.decode()
    assert text.count("<li>") == 1
    assert "No lead matches" in site.get(page("try", draft), {"q": "nobody"}).content.decode()
    assert "not there" in site.get(page("try", draft), {"lead": 999_999}).content.decode()


def test_the_document_that_is_carried_along_is_the_json_form(form):
    assert json.loads(fields(form.answer)["document"])["groups"][0]["name"] == "Size"
