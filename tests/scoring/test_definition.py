"""A model's JSON form: every fault with its path, and the same document back."""

import copy
import json
import random
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from scoring.definition import FaultyDefinition, read_definition, write_definition
from scoring.definition.positions import line_of, path_lines
from scoring.fields import BUILT_IN, Catalogue, Field, FieldType
from tests.scoring.strategies import models

CATALOGUE = Catalogue(
    fields={field.path: field for field in BUILT_IN}
    | {
        "contact.role": Field(
            "contact.role", "Role", FieldType.CHOICE, {"decider": "Decides", "user": "Uses"}
        ),
        "lead.custom.budget": Field("lead.custom.budget", "Budget", FieldType.NUMBER),
        "lead.custom.renewal": Field("lead.custom.renewal", "Renewal", FieldType.DATE),
        "lead.custom.vip": Field("lead.custom.vip", "VIP", FieldType.BOOLEAN),
    },
    signals=["page_view", "demo_request", "download"],
    bands=("hot", "warm", "cold", "dead"),
)
DOCUMENT = {
    "name": "B2B default",
    "product_line": None,
    "groups": [
        {
            "name": "Size",
            "kind": "fit",
            "combine": "best",
            "max": 33,
            "rules": [
                {
                    "name": "Large",
                    "when": {"field": "company.annual_revenue", "op": "gte", "value": 100000000},
                    "points": 33,
                }
            ],
        },
        {
            "name": "Website",
            "kind": "engagement",
            "max": 30,
            "decay": {"type": "half_life", "days": 30},
            "rules": [
                {
                    "name": "Pricing page",
                    "signal": "page_view",
                    "when": {"field": "activity.url", "op": "contains", "value": "/pricing"},
                    "points": 10,
                    "repeat": {"per_day": 1},
                }
            ],
        },
    ],
    "exclusions": [
        {"name": "Competitor", "when": {"field": "company.domain", "op": "in", "value": ["rival.example"]}}
    ],
    "auto_qualify": [{"name": "Asked for a demo", "signal": "demo_request"}],
    "grades": {"fit": [75, 50, 25], "engagement": [75, 50, 25]},
    "bands": [
        {"band": "hot", "enter": 70, "leave": 60},
        {"band": "warm", "enter": 40, "leave": 35},
        {"band": "cold", "enter": 10, "leave": 10},
        {"band": "dead", "enter": 0, "leave": 0},
    ],
}
SIZE, SITE = ["groups", 0, "rules", 0], ["groups", 1, "rules", 0]
DELETED = object()


def changed(*place, to):
    """The document with one part replaced or deleted."""
    document = copy.deepcopy(DOCUMENT)
    part = document
    for step in place[:-1]:
        part = part[step]
    if to is DELETED:
        del part[place[-1]]
    else:
        part[place[-1]] = to
    return document


def faults_of(document):
    with pytest.raises(FaultyDefinition) as refused:
        read_definition(document, CATALOGUE)
    return {fault.path: fault.message for fault in refused.value.faults}


def nested(depth):
    when = {"field": "company.employees", "op": "gt", "value": 1}
    for _ in range(depth):
        when = {"not": when}
    return when


def test_the_designs_example_comes_back_as_it_was():
    assert write_definition(read_definition(DOCUMENT, CATALOGUE)) == DOCUMENT


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(document=models())
def test_what_is_written_reads_back_equal(document):
    model = read_definition(document, CATALOGUE)
    assert read_definition(json.loads(json.dumps(write_definition(model))), CATALOGUE) == model


@pytest.mark.parametrize("path", ["scoring/default_model.json", "docs/examples/maven_model.json"])
def test_shipped_models_have_no_fault(path):
    signals = [
        *CATALOGUE.signals,
        *["email_open", "email_click", "email_reply", "newsletter_subscribe", "unsubscribe", "chat"],
    ]
    signals += ["webinar_attend", "event_attend", "trial_request", "contact_request"]
    countries = Field("company.country", "Country", FieldType.COUNTRY, {"US": "United States of America"})
    roles = Field(
        "contact.role", "Role", FieldType.CHOICE, dict.fromkeys(["decider", "finance", "champion"], "")
    )
    fields = {**CATALOGUE.fields, "company.country": countries, "contact.role": roles}
    document = json.loads((Path(__file__).parents[2] / path).read_text())
    model = read_definition(document, Catalogue(fields, signals, CATALOGUE.bands))
    assert read_definition(write_definition(model), Catalogue(fields, signals, CATALOGUE.bands)) == model


@pytest.mark.parametrize(
    ("document", "path", "says"),
    [
        (changed("groups", to=DELETED), "groups", "Is missing."),
        (changed("name", to=" "), "name", "Must be a text."),
        (changed("weights", to=1), "weights", "Unknown key."),
        ([], "$", "Must be an object"),
        (
            changed("groups", 0, "kind", to="fat"),
            "groups[0].kind",
            "“fat” is no kind of group. Possible: engagement, fit.",
        ),
        (changed("groups", 0, "max", to="33"), "groups[0].max", "Must be a number."),
        (
            changed("groups", 0, "max", to=-1),
            "groups[0].max",
            "A maximum below 0 would take points from every lead. Use 0 for a group that only takes.",
        ),
        (changed("groups", 0, "max", to=True), "groups[0].max", "Must be a number."),
        (changed("groups", 0, "max", to=float("nan")), "groups[0].max", "Must be a number."),
        (changed("groups", 0, "min", to=50), "groups[0].min", "The minimum 50 is above the maximum 33."),
        (
            changed("groups", 0, "max", to=30),
            "groups[0].rules[0].points",
            "33 points are above the group's maximum of 30.",
        ),
        (changed(*SIZE, "points", to=1.234), "groups[0].rules[0].points", "May have 2 decimals at most."),
        (changed(*SIZE, "points", to=-1000), "groups[0].rules[0].points", "Must be between -100 and 100."),
        (
            changed(*SIZE, "when", to=DELETED),
            "groups[0].rules[0].when",
            "a rule needs a signal or a condition",
        ),
        (
            changed(*SIZE, "when", "field", to="company.colour"),
            "groups[0].rules[0].when.field",
            "Unknown field",
        ),
        (
            changed(*SIZE, "when", "field", to="company.employes"),
            "groups[0].rules[0].when.field",
            "“company.employees”",
        ),
        (
            changed(*SIZE, "when", "field", to="activity.url"),
            "groups[0].rules[0].when.field",
            "needs a signal",
        ),
        (
            changed(*SIZE, "when", "op", to="resembles"),
            "groups[0].rules[0].when.op",
            "“resembles” is no operator.",
        ),
        (
            changed(*SIZE, "when", "op", to="contains"),
            "groups[0].rules[0].when.op",
            "is not for company.annual_revenue",
        ),
        (changed(*SIZE, "when", "value", to="a lot"), "groups[0].rules[0].when.value", "Must be a number."),
        (changed(*SIZE, "when", "value", to=10**400), "groups[0].rules[0].when.value", "Must be between"),
        (changed(*SIZE, "when", "value", to=DELETED), "groups[0].rules[0].when.value", "Is missing."),
        (
            changed(*SIZE, "when", to={"all": []}),
            "groups[0].rules[0].when.all",
            "Must hold at least one condition.",
        ),
        (changed(*SIZE, "when", to={"all": [{}]}), "groups[0].rules[0].when.all[0]", "Must be a comparison"),
        (
            changed(*SIZE, "when", to=nested(400)),
            f"groups[0].rules[0].when{'.not' * 10}",
            "nested more than 10 deep",
        ),
        (
            changed(*SIZE, "signal", to="page_view"),
            "groups[0].rules[0].signal",
            "belongs to a group of engagement",
        ),
        (changed(*SIZE, "repeat", to={"per_day": 1}), "groups[0].rules[0].repeat", "Needs a signal."),
        (changed("groups", 0, "decay", to={"type": "linear", "days": 9}), "groups[0].decay", "does not fade"),
        (changed(*SITE, "signal", to="teleport"), "groups[1].rules[0].signal", "“teleport” is no signal."),
        (changed(*SITE, "when", "value", to="a\0b"), "groups[1].rules[0].when.value", "cannot be stored"),
        (changed(*SITE, "when", "value", to="\ud800"), "groups[1].rules[0].when.value", "cannot be stored"),
        (changed(*SITE, "repeat", to={"per_week": 1}), "groups[1].rules[0].repeat.per_week", "Unknown key."),
        (
            changed(*SITE, "repeat", to={"per_day": 1, "total": 2}),
            "groups[1].rules[0].repeat",
            'Must be "every"',
        ),
        (changed(*SITE, "repeat", "per_day", to=0), "groups[1].rules[0].repeat.per_day", "Must be between 1"),
        (
            changed(*SITE, "at_least", to={"count": 3, "days": 7}),
            "groups[1].rules[0].repeat",
            "beside at_least",
        ),
        (
            changed(
                *SITE,
                to={
                    **DOCUMENT["groups"][1]["rules"][0],
                    "repeat": None,
                    "at_least": {"count": 3, "days": 7},
                    "per": {"field": "activity.duration_seconds", "unit": 60},
                },
            ),
            "groups[1].rules[0].per",
            "beside at_least",
        ),
        (
            changed(*SITE, "per", to={"field": "company.employees", "unit": 1}),
            "groups[1].rules[0].per.field",
            "no amount of an activity",
        ),
        (
            changed(*SITE, "per", to={"field": "activity.duration_seconds", "unit": 0}),
            "groups[1].rules[0].per.unit",
            "Must be between",
        ),
        (changed("groups", 1, "decay", "type", to="fade"), "groups[1].decay.type", "“fade” is no decay."),
        (changed("groups", 1, "decay", "days", to=0.5), "groups[1].decay.days", "Must be between 1"),
        (changed("groups", 1, "decay", "days", to=1.5), "groups[1].decay.days", "Must be a whole number."),
        (changed("exclusions", 0, "when", "op", to="within"), "exclusions[0].when.op", "is no operator"),
        (changed("auto_qualify", 0, "signal", to="demo"), "auto_qualify[0].signal", "“demo” is no signal."),
        (changed("grades", "fit", to=[50, 75, 25]), "grades.fit", "The bounds must fall."),
        (changed("grades", "fit", to=[75, 50]), "grades.fit", "Must hold three bounds"),
        (changed("bands", 0, "band", to="blazing"), "bands[0].band", "“blazing” is no band."),
        (changed("bands", 1, "enter", to=70), "bands[1].enter", "Must be below 70"),
        (changed("bands", 0, "leave", to=71), "bands[0].leave", "To leave at 71 is above entering at 70."),
        (changed("bands", 0, "leave", to=39), "bands[0].leave", "Must not be below 40"),
        (changed("bands", 3, "enter", to=5), "bands", "No band begins at 0"),
        (changed("bands", 1, "band", to="hot"), "bands[1].band", "does not stand below"),
        (changed("bands", 0, "enter", to="70"), "bands[0].enter", "Must be a number."),
    ],
)
def test_a_fault_is_told_with_its_path(document, path, says):
    assert says in faults_of(document)[path]


def test_all_faults_are_told_at_once():
    document = changed(*SIZE, "when", "field", to="company.colour")
    document["bands"][0]["band"] = "blazing"
    document["auto_qualify"][0]["signal"] = "demo"
    assert set(faults_of(document)) == {
        "groups[0].rules[0].when.field",
        "bands[0].band",
        "auto_qualify[0].signal",
    }


def test_ten_thousand_rules_are_refused_in_a_sentence():
    document = changed("groups", 1, "rules", to=DOCUMENT["groups"][1]["rules"] * 10_000)
    assert faults_of(document) == {"groups": "The model has 10,001 rules; at most 300 are allowed."}


def test_too_many_comparisons_are_refused_in_a_sentence():
    leaf = {"field": "company.employees", "op": "gt", "value": 1}
    rules = [{"name": f"R{n}", "points": 1, "when": {"all": [leaf] * 100}} for n in range(11)]
    assert faults_of(changed("groups", 0, "rules", to=rules)) == {
        "groups": "The model makes 1,102 comparisons; at most 1,000 are allowed."
    }


def test_a_fault_is_found_on_its_line():
    document = changed(*SITE, "when", "op", to="resembles")
    text = json.dumps(document, indent=2)
    line = line_of("groups[1].rules[0].when.op", path_lines(text))
    assert text.splitlines()[line - 1].strip() == '"op": "resembles",'


def test_a_missing_key_is_shown_on_the_line_of_what_lacks_it():
    document = changed(*SITE, "points", to=DELETED)
    text = json.dumps(document, indent=2)
    line = line_of("groups[1].rules[0].points", path_lines(text))
    assert '"name": "Pricing page"' in text.splitlines()[line]


def test_broken_documents_of_any_kind_are_refused_not_crashed_on():
    dice = random.Random(5)
    strange = [None, 7, "x", [], {}, [{}], True, float("inf"), {"all": None}, [[]]]
    places = [
        ["groups"],
        ["groups", 0],
        [*SIZE],
        [*SIZE, "when"],
        [*SIZE, "when", "value"],
        ["bands"],
        ["bands", 0],
    ]
    for _ in range(300):
        document = changed(*dice.choice(places), to=dice.choice(strange))
        with suppress(FaultyDefinition):
            read_definition(document, CATALOGUE)
