"""Comments on the lines of scores, as they stand beside the rules of a model."""

from collections import defaultdict
from collections.abc import Iterable

from scoring.definition import ModelSpec
from scoring.models import LineComment, ScoringModel
from scoring.rows import load_definition


def comments_on(model: ScoringModel) -> dict[str, list[LineComment]]:
    """Comments that wait, the newest first, by the path of their rule in the JSON form: `groups[0].rules[2]`.

    Those on any version of the product line count, as long as group and rule still have their names;
    those on an exclusion stand under `exclusions[0]`. Each has its lead and author at hand.
    """
    waiting = LineComment.objects.filter(model__product_line=model.product_line_id, settled_at=None)
    by_rule = _by_rule(waiting.select_related("by", "lead"))
    if not by_rule:
        return {}
    paths = paths_of(load_definition(model))
    return {path: by_rule[named] for named, path in paths.items() if named in by_rule}


def paths_of(spec: ModelSpec) -> dict[tuple[str, str], str]:
    """Where each rule stands in the JSON form, by its group and name; exclusions have no group."""
    rules = {
        (group.name, rule.name): f"groups[{g}].rules[{r}]"
        for g, group in enumerate(spec.groups)
        for r, rule in enumerate(group.rules)
    }
    return rules | {("", item.name): f"exclusions[{x}]" for x, item in enumerate(spec.exclusions)}


def _by_rule(comments: Iterable[LineComment]) -> dict[tuple[str, str], list[LineComment]]:
    found: dict[tuple[str, str], list[LineComment]] = defaultdict(list)
    for comment in comments:
        found[comment.group, comment.rule].append(comment)
    return found
