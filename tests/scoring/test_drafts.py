"""Drafts as the verbs change them: two people at once, and rules added from elsewhere."""

import pytest

from scoring.actions import ChangedMeanwhile, NotADraft, add_rule, change_draft, import_model, publish_model
from scoring.definition import FaultyDefinition
from scoring.rows import load_definition
from tests.definitions import MODEL

RULE = {
    "name": "Nordic",
    "when": {"field": "company.country", "op": "in", "value": ["SE", "NO"]},
    "points": 5,
}

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(admin):
    return import_model(MODEL, by=admin)


def test_who_saves_over_somebody_else_is_told_and_nothing_is_stored(draft, admin, manager):
    change_draft(draft, MODEL | {"name": "Theirs"}, by=manager, revision=draft.revision)
    with pytest.raises(ChangedMeanwhile, match=f"{manager} saved this draft after you opened it"):
        change_draft(draft, MODEL | {"name": "Mine"}, by=admin, revision=draft.revision)
    draft.refresh_from_db()
    assert draft.name == "Theirs"


def test_who_has_seen_the_other_change_may_save(draft, admin, manager):
    changed = change_draft(draft, MODEL | {"name": "Theirs"}, by=manager)
    saved = change_draft(draft, MODEL | {"name": "Mine"}, by=admin, revision=changed.revision)
    assert (saved.name, saved.changed_by) == ("Mine", admin)


def test_a_rule_is_added_to_its_group(draft, admin):
    add_rule(draft, "Size", RULE, by=admin)
    [size, _] = load_definition(draft).groups
    assert [rule.name for rule in size.rules] == ["Large", "Known", "Nordic"]


def test_a_group_is_made_for_a_rule_that_has_none(draft, admin):
    add_rule(draft, "Country", RULE, by=admin)
    country = load_definition(draft).groups[-1]
    assert (country.name, country.kind, country.max) == ("Country", "fit", 5)


def test_a_rule_of_more_points_raises_the_maximum_of_its_group(draft, admin):
    add_rule(draft, "Country", RULE, by=admin)
    add_rule(draft, "Country", RULE | {"name": "Home", "points": 9}, by=admin)
    add_rule(draft, "Country", RULE | {"name": "Far", "points": -4}, by=admin)
    country = load_definition(draft).groups[-1]
    assert ([rule.points for rule in country.rules], country.max) == ([5, 9, -4], 9)


def test_a_faulty_rule_is_refused(draft, admin):
    with pytest.raises(FaultyDefinition, match="Unknown field"):
        add_rule(
            draft, "Size", {"name": "x", "points": 1, "when": {"field": "a.b", "op": "is_set"}}, by=admin
        )
    assert len(load_definition(draft).groups[0].rules) == 2


def test_what_is_live_gets_no_rule(draft, admin):
    publish_model(draft, by=admin)
    with pytest.raises(NotADraft):
        add_rule(draft, "Size", RULE, by=admin)
