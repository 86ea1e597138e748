"""Fields that know the outcome: those that are listed, and those that give themselves away."""

from collections.abc import Iterable
from dataclasses import dataclass

from config.refusals import Refusal
from leads.organisation import organisation
from scoring.definition.specs import ModelSpec, comparisons
from scoring.fields import Catalogue

ALONE = 0.80  # ROC AUC of a field by itself
LIFT = 0.05  # what a field adds to the model's


class LooksAtLeaks(Refusal):
    """The model has rules over fields that are listed as written by or after the outcome."""


@dataclass(frozen=True, slots=True)
class Leak:
    """`auc` of the field alone, `lift` of the model's by it; either may be unknown."""

    field: str
    label: str
    auc: float | None
    lift: float | None

    @property
    def is_suspect(self) -> bool:
        return (self.auc or 0) > ALONE or (self.lift or 0) > LIFT


def listed_leaks(catalogue: Catalogue) -> frozenset[str]:
    """The paths of what the organisation has listed by path, key or label."""
    found = ((name, catalogue.named(name)) for name in organisation().leaking_fields)
    return frozenset(field.path if field else name for name, field in found)


def unknown_leaks(catalogue: Catalogue) -> list[str]:
    """What is listed and is no field, misspelt or gone by now; properties of activities may be named."""
    return [
        name
        for name in organisation().leaking_fields
        if not catalogue.named(name) and not catalogue.field(name)
    ]


def rules_that_leak(model: ModelSpec, catalogue: Catalogue) -> list[tuple[str, str]]:
    """The name of each rule or exclusion over a listed field, with that field's path."""
    listed = listed_leaks(catalogue)
    rules = [(rule.name, rule.when) for group in model.groups for rule in group.rules]
    rules += [(item.name, item.when) for item in model.exclusions]
    return [
        (name, comparison.field)
        for name, when in rules
        for comparison in comparisons(when)
        if comparison.field in listed
    ]


def refuse_leaks(model: ModelSpec, catalogue: Catalogue) -> None:
    """A backtest over fields that know the outcome would prove nothing."""
    if found := rules_that_leak(model, catalogue):
        named = "; ".join(f"“{name}” looks at {label_of(path, catalogue)}" for name, path in found)
        raise LooksAtLeaks(
            f"Nothing was tested: {named}. These fields are listed as written by or after the outcome. "
            "Take the rules out, or the field off the list in the organisation's settings."
        )


def label_of(path: str, catalogue: Catalogue) -> str:
    """The field's name for people."""
    field = catalogue.field(path)
    return field.label if field else path


def suspects(leaks: Iterable[Leak]) -> list[Leak]:
    """Those that a person should look at, the strongest first."""
    return sorted((leak for leak in leaks if leak.is_suspect), key=lambda leak: -(leak.auc or leak.lift or 0))
