"""What people say of the lines of a score, and that it was dealt with."""

from collections.abc import Iterable

from django.utils import timezone

from config.refusals import Refusal
from leads.actions.audit import audited
from leads.models import Lead, User
from scoring.models import LineComment, ScoringModel

LONGEST = 500


class CommentRefused(Refusal):
    """A comment without words, or on a line that the model does not have."""


@audited
def comment_on_line(
    lead: Lead, *, model: ScoringModel, group: str, rule: str, text: str, by: User | None
) -> LineComment:
    """Say something of a rule's line; an empty group names an exclusion."""
    words = text.strip()
    if not words:
        raise CommentRefused("Say what is wrong with this line.")
    if len(words) > LONGEST:
        raise CommentRefused(f"A comment has at most {LONGEST} characters.")
    if not _has_rule(model, group, rule):
        raise CommentRefused(f"{model} has no rule “{rule}” in “{group}”.")
    return LineComment.objects.create(
        lead=lead, model=model, group=group, rule=rule, text=words, by=by, at=timezone.now()
    )


@audited
def settle_comments(comments: Iterable[LineComment], *, by: User | None) -> int:
    """Take comments from beside their rules; those settled already stay as they are. Answers how many."""
    ids = [comment.pk for comment in comments]
    waiting = LineComment.objects.filter(pk__in=ids, settled_at=None)
    return waiting.update(settled_at=timezone.now(), settled_by=by)


def _has_rule(model: ScoringModel, group: str, rule: str) -> bool:
    if not group:
        return model.exclusions.filter(name=rule).exists()
    return model.groups.filter(name=group, rules__name=rule).exists()
