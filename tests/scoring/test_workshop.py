"""The form of a draft without a page: what is typed, what buttons do, what groups can give, what differs."""

from copy import deepcopy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.definition.specs import DEFAULT_BANDS
from scoring.explanations import ExplainedGroup, Explanation, Line
from scoring.fields import BUILT_IN, Catalogue, Field, FieldType
from scoring.workshop.changes import CHANGES
from scoring.workshop.comparing import changed_lines, compare
from scoring.workshop.entries import enter_all
from scoring.workshop.places import NoSuchPlace, at
from scoring.workshop.reach import reach_of
from scoring.workshop.skeletons import read_skeleton
from scoring.workshop.texts import number_in, shown
from scoring.workshop.trying import band_at, beside
from tests.definitions import MODEL

CATALOGUE = Catalogue(
    fields={field.path: field for field in (*BUILT_IN, Field("answer.budget", "Budget?", FieldType.BOOLEAN))},
    signals=("page_view", "demo_request"),
    bands=("hot", "warm", "cold", "dead"),
    labels={"page_view": "Page view"},
)
LARGE = "groups[0].rules[0]"
PAGE = "groups[1].rules[0]"
KNOWN = {"field": "company.employees", "op": "is_set"}
DURATION = "activity.duration_seconds"


@pytest.fixture
def document():
    return deepcopy(MODEL)


def entered(document, **entries):
    """The document after these texts, by the path in which two underscores stand for a dot."""
    enter_all(document, entries.items(), CATALOGUE)
    return document


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("15", 15),
        ("2.5", 2.5),
        ("−20", -20),
        ("1,000,000", 1_000_000),
        ("1 000", 1000),
        ("+3", 3),
        ("2,5", "2,5"),
        ("many", "many"),
        ("", ""),
        ("1e9", "1e9"),
    ],
)
def test_numbers_are_read_as_people_write_them(text, value):
    assert number_in(text) == value


@given(st.one_of(st.booleans(), st.integers(-(10**12), 10**12), st.decimals(-999, 999, places=2).map(float)))
def test_what_is_shown_of_a_number_is_read_as_the_same(value):
    if not isinstance(value, bool):
        assert number_in(shown(value)) == value


def test_a_form_sent_back_unchanged_changes_nothing(document):
    before = deepcopy(document)
    enter_all(
        document,
        [("at:name", "By size"), ("at:product_line", ""), (f"at:{LARGE}.points", "30"),
         ("at:groups[0].max", "33"), ("at:groups[0].combine", "sum"), ("at:groups[0].min", ""),
         (f"at:{LARGE}.when.field", "company.employees"), (f"at:{LARGE}.when.op", "gte"),
         (f"at:{LARGE}.when.value", "100"), ("at:bands[0].enter", "70"), ("at:grades.fit[0]", "75"),
         (f"at:{PAGE}.counting", "every"), (f"at:{PAGE}.per.field", ""), (f"at:{PAGE}.signal", "page_view"),
         ("at:groups[1].decay.type", "half_life"), ("at:groups[1].decay.days", "30")],
        CATALOGUE,
    )  # fmt: skip
    assert document == before


@pytest.mark.parametrize(
    ("entries", "path", "value"),
    [
        ([(f"at:{LARGE}.points", "−7.5")], f"{LARGE}.points", -7.5),
        ([(f"at:{LARGE}.points", "lots")], f"{LARGE}.points", "lots"),
        ([(f"at:{LARGE}.when.value", "1,500")], f"{LARGE}.when.value", 1500),
        ([(f"at:{LARGE}.when.op", "between")], f"{LARGE}.when.value", [100, ""]),
        ([(f"at:{LARGE}.when.op", "in")], f"{LARGE}.when.value", [100]),
        ([(f"at:{LARGE}.when.op", "in"), (f"at:{LARGE}.when.value", "7")], f"{LARGE}.when.value", [7]),
        ([(f"at:{LARGE}.when.field", "company.industry")], f"{LARGE}.when.op", "eq"),
        ([(f"at:{LARGE}.when.field", "company.industry")], f"{LARGE}.when.value", "100"),
        ([(f"at:{LARGE}.when.field", "company.country")], f"{LARGE}.when.op", "eq"),
        ([(f"at:{LARGE}.when.field", "answer.budget")], f"{LARGE}.when.value", ""),
        ([(f"at:{LARGE}.when.op", "is_set")], f"{LARGE}.when", KNOWN),
        ([(f"at:{PAGE}.counting", "per_day")], f"{PAGE}.repeat", {"per_day": 1}),
        ([(f"at:{PAGE}.counting", "at_least")], f"{PAGE}.at_least", {"count": 3, "days": 7}),
        ([(f"at:{PAGE}.per.field", DURATION)], f"{PAGE}.per", {"unit": 60, "field": DURATION}),
        ([("at:groups[1].decay.type", "window")], "groups[1].decay", {"type": "window", "days": 30}),
        ([("at:groups[0].min", "-5")], "groups[0].min", -5),
        ([("at:product_line", " Pumps ")], "product_line", "Pumps"),
    ],
)  # fmt: skip
def test_what_is_typed_or_chosen_stands_in_its_place(document, entries, path, value):
    enter_all(document, entries, CATALOGUE)
    assert at(document, path) == value


def test_what_no_longer_fits_is_left_out(document):
    enter_all(document, [("at:groups[1].kind", "fit"), (f"at:{PAGE}.signal", "")], CATALOGUE)
    assert "decay" not in document["groups"][1]
    assert "signal" not in at(document, PAGE)


def test_values_are_added_to_a_list_once(document):
    at(document, LARGE)["when"] = {"field": "company.industry", "op": "in", "value": ["energy"]}
    added = [(f"add:{LARGE}.when.value", text) for text in (" chemicals ", "energy", "")]
    enter_all(document, added, CATALOGUE)
    assert at(document, f"{LARGE}.when.value") == ["energy", "chemicals"]


def test_a_property_of_an_activity_has_a_name_of_its_own(document):
    at(document, PAGE)["when"] = {"field": "activity.url", "op": "contains", "value": "/pricing"}
    enter_all(document, [(f"at:{PAGE}.when.field", "activity.properties.")], CATALOGUE)
    enter_all(document, [(f"at:{PAGE}.when.property", "plan")], CATALOGUE)
    assert at(document, f"{PAGE}.when")["field"] == "activity.properties.plan"


@pytest.mark.parametrize(
    "name", ["at:secret", "at:groups[9].max", "at:groups[0].rules[0].owner", "at:", "at:a b"]
)
def test_a_field_that_no_form_has_is_refused(document, name):
    with pytest.raises(NoSuchPlace):
        enter_all(document, [(name, "1")], CATALOGUE)


def press(document, do):
    verb, _, path = do.partition("|")
    return CHANGES[verb](document, path)


def test_rules_are_added_duplicated_moved_and_removed(document):
    press(document, "add_rule|groups[0]")
    assert press(document, f"duplicate|{LARGE}") == "groups[0].rules[1]"
    press(document, "down|groups[0].rules[0]")
    press(document, "remove|groups[0].rules[3]")
    assert [rule["name"] for rule in document["groups"][0]["rules"]] == ["Large (copy)", "Large", "Known"]


def test_groups_are_added_by_kind_duplicated_and_moved(document):
    assert press(document, "add_group|fit") == "groups[1]"
    press(document, "duplicate|groups[2]")
    press(document, "up|groups[3]")
    assert [group["kind"] for group in document["groups"]] == ["fit", "fit", "engagement", "engagement"]


def test_the_first_does_not_move_up(document):
    assert press(document, f"up|{LARGE}") == LARGE
    assert document == MODEL


def test_conditions_are_joined_turned_and_collapse_again(document):
    place = press(document, f"add_condition|{LARGE}.when")
    assert place == f"{LARGE}.when.all[1]"
    press(document, f"turn|{place}")
    assert "not" in at(document, place)
    press(document, f"remove|{place}.not")
    assert at(document, f"{LARGE}.when") == MODEL["groups"][0]["rules"][0]["when"]


def test_blocks_stand_within_blocks_and_change_between_all_and_any(document):
    press(document, f"add_block|{LARGE}.when")
    enter_all(
        document, [(f"at:{LARGE}.when.match", "any"), (f"at:{LARGE}.when.all[1].match", "all")], CATALOGUE
    )
    assert [*at(document, f"{LARGE}.when")] == ["any"]
    assert [*at(document, f"{LARGE}.when.any[1]")] == ["all"]


def test_a_band_is_put_back_where_it_belongs(document):
    press(document, "remove|bands[1]")
    press(document, "add_band|1.warm")
    assert [band["band"] for band in document["bands"]] == ["hot", "warm", "cold", "dead"]


@pytest.mark.parametrize(
    "do", ["remove|groups[7]", "add_rule|name", "add_group|other", "up|groups[0].name", "add_band|x"]
)
def test_a_button_that_no_form_has_is_refused(document, do):
    with pytest.raises((NoSuchPlace, KeyError, TypeError)):
        press(document, do)


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{", "NaN", '{"name": 1}', "[" * 100_000, '{"name": "x", "groups": [1]}'],
)
def test_a_document_that_no_form_has_written_is_refused(text):
    with pytest.raises(NoSuchPlace):
        read_skeleton(text)


# What the groups can give


def group(**changes):
    return {"name": "G", "kind": "engagement", "max": 30, "rules": []} | changes


def rule(points, **changes):
    return {"name": "r", "points": points} | changes


@pytest.mark.parametrize(
    ("made", "most"),
    [
        (group(), 0),
        (group(rules=[rule(10), rule(15)]), 25),
        (group(rules=[rule(10), rule(15)], combine="best"), 15),
        (group(rules=[rule(10), rule(25)]), 30),
        (group(rules=[rule(1, signal="page_view")]), 30),
        (group(rules=[rule(5, signal="page_view", repeat={"total": 3})]), 15),
        (group(rules=[rule(5, signal="page_view", repeat={"per_day": 1})]), 30),
        (group(rules=[rule(5, signal="page_view", at_least={"count": 3, "days": 7})]), 5),
        (group(rules=[rule(-10)], max=0), 0),
        (group(rules=[rule("x")], max="y"), 0),
    ],
)
def test_a_group_can_give_at_most(made, most):
    assert reach_of({"groups": [made]}).groups[0].most == most


@pytest.mark.parametrize(
    ("made", "least"),
    [
        (group(max=0, min=-40, rules=[rule(-10), rule(-15)]), -25),
        (group(max=0, min=-40, rules=[rule(-5, signal="page_view", repeat={"total": 3})]), -15),
        (group(max=0, min=-40, rules=[rule(-5, signal="page_view")]), -40),
        (group(max=0, min=-40, combine="best", rules=[rule(-10), rule(-15)]), -15),
        (group(rules=[rule(5)]), 0),
    ],
)
def test_a_group_can_take_at_most(made, least):
    assert reach_of({"groups": [made]}).groups[0].least == least


def test_three_groups_of_33_reach_99():
    reach = reach_of({"groups": [group(kind="fit", max=33, rules=[rule(33)])] * 3})
    assert (reach.best, reach.fit, reach.engagement) == (99, 99, 0)


def test_no_score_is_above_100():
    reach = reach_of({"groups": [group(max=80, rules=[rule(80)])] * 2})
    assert (reach.best, reach.cut) == (100, -60)


# What differs


def test_the_same_models_differ_in_nothing(document):
    assert changed_lines(compare(MODEL, document, CATALOGUE)) == []


def test_differences_are_told_in_short(document):
    at(document, LARGE)["points"] = 25
    press(document, f"remove|{PAGE}")
    document["groups"][1]["rules"].append(rule(5, name="Delivery times page", signal="page_view"))
    document["bands"][0]["enter"] = 75
    told = [line.summary for line in changed_lines(compare(MODEL, document, CATALOGUE))]
    assert told == ["Large 30 → 25", "new: Delivery times page", "gone: Page", "hot changed"]


def test_a_group_that_is_new_gone_or_changed_is_named(document):
    document["groups"][0]["max"] = 40
    document["groups"][1]["name"] = "Visits"
    told = [line.summary for line in changed_lines(compare(MODEL, document, CATALOGUE))]
    assert told == [
        "group Size changed", "new: group Visits", "new: Page", "gone: group Website", "gone: Page"
    ]  # fmt: skip


def test_an_order_that_changed_is_a_move(document):
    press(document, f"down|{LARGE}")
    [line] = changed_lines(compare(MODEL, document, CATALOGUE))
    assert line.change == "moved"


# One lead under two versions


def explained(points, *lines):
    return Explanation(
        "scored", groups=[ExplainedGroup("Size", "fit", points, tuple(lines))], total=points // 10
    )


def test_lines_of_two_versions_stand_beside_each_other_and_add_up():
    live = explained(100, Line("Large", 100, "620 employees"))
    draft = explained(
        90, Line("Large", 60, "620 employees"), Line("Nordic", 40, "SE"), Line(None, -10, "Maximum 9")
    )
    [size] = beside(live, draft)
    assert [(line.name, line.before, line.after) for line in size.lines] == [
        ("Large", 100, 60), ("Nordic", None, 40), ("Maximum 9", None, -10)
    ]  # fmt: skip
    assert size.difference == sum(line.difference for line in size.lines) == -10


@pytest.mark.parametrize(
    ("total", "previous", "band"),
    [
        (70, "", "hot"),
        (69, "", "warm"),
        (69, "hot", "hot"),
        (60, "hot", "hot"),
        (59, "hot", "warm"),
        (69, "warm", "warm"),
        (36, "warm", "warm"),
        (36, "cold", "cold"),
        (0, "hot", "dead"),
        (None, "hot", ""),
    ],
)
def test_a_band_is_kept_until_its_total_leaves_it(total, previous, band):
    assert band_at(total, DEFAULT_BANDS, previous) == band
