"""What people say of a line stands beside its rule, in every version that has it, until it is settled."""

import pytest

from scoring.actions import CommentRefused, comment_on_line, copy_model, import_model, settle_comments
from scoring.comments import comments_on
from scoring.models import LineComment
from tests.definitions import MODEL
from tests.factories import LeadFactory
from tests.statements import statements_of

pytestmark = pytest.mark.django_db

EXCLUDING = MODEL | {
    "exclusions": [{"name": "Rival", "when": {"field": "company.name", "op": "eq", "value": "Rival"}}]
}


@pytest.fixture
def draft():
    return import_model(EXCLUDING, by=None)


def say(draft, text="This should not count", *, group="Size", rule="Known", by=None):
    return comment_on_line(LeadFactory(), model=draft, group=group, rule=rule, text=text, by=by)


def test_comments_stand_at_the_path_of_their_rule_the_newest_first(draft, alice):
    first, second = say(draft, "Too much", by=alice), say(draft, "Far too much", by=alice)
    excluded = say(draft, "They are no rival", group="", rule="Rival")

    assert comments_on(draft) == {"groups[0].rules[1]": [second, first], "exclusions[0]": [excluded]}
    assert (first.by, first.text) == (alice, "Too much")


def test_a_comment_on_one_version_stands_beside_the_rule_in_the_next(draft):
    comment = say(draft)

    assert comments_on(copy_model(draft, by=None)) == {"groups[0].rules[1]": [comment]}


def test_a_rule_of_another_product_line_has_no_part_in_it(draft):
    say(draft)
    other = import_model(EXCLUDING | {"product_line": "Saws"}, by=None)

    assert comments_on(other) == {}


def test_a_settled_comment_is_gone_and_stays_settled_by_whom_it_was(draft, alice, bob):
    comment = say(draft)

    assert settle_comments([comment], by=alice) == 1
    assert settle_comments([comment], by=bob) == 0
    assert comments_on(draft) == {}
    assert LineComment.objects.get().settled_by == alice


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"text": " "}, "Say what is wrong"),
        ({"text": "x" * 501}, "at most 500"),
        ({"rule": "Unheard of"}, "has no rule “Unheard of”"),
        ({"group": "Website", "rule": "Known"}, "has no rule “Known” in “Website”"),
        ({"group": "", "rule": "Known"}, "has no rule"),
    ],
)
def test_a_comment_without_words_or_rule_is_refused(draft, given, sentence):
    with pytest.raises(CommentRefused, match=sentence):
        say(draft, **given)
    assert not LineComment.objects.exists()


def test_twenty_comments_cost_as_many_statements_as_one(draft):
    say(draft)
    one = statements_of(lambda: comments_on(draft))
    for _ in range(19):
        say(draft)
    assert statements_of(lambda: comments_on(draft)) == one


def test_administrators_read_and_settle_them(client, admin, draft):
    comment = say(draft, "Wrong for public bodies")
    client.force_login(admin)
    address = "/admin/scoring/linecomment/"

    assert "Wrong for public bodies" in client.get(address).content.decode()
    client.post(address, {"action": "settle", "_selected_action": [comment.pk]})
    assert LineComment.objects.get().settled_by == admin
