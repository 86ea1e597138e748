"""A model's definition in its tables, and out of them."""

from django.db.models import Prefetch

from scoring.definition.specs import (
    ExclusionSpec,
    Grades,
    GroupSpec,
    ModelSpec,
    QualificationSpec,
    RuleSpec,
    Threshold,
)
from scoring.definition.stored import (
    stored_at_least,
    stored_condition,
    stored_decay,
    stored_per,
    stored_repeat,
)
from scoring.definition.writer import write_condition, write_counting, write_decay
from scoring.models import (
    AutoQualification,
    Band,
    BandThreshold,
    Exclusion,
    Group,
    Rule,
    ScoringModel,
)


def load_definition(model: ScoringModel) -> ModelSpec:
    """The definition as it stands in the tables."""
    groups = model.groups.prefetch_related(Prefetch("rules", Rule.objects.order_by("order"))).order_by(
        "order"
    )
    thresholds = model.thresholds.select_related("band").order_by("-enter")
    return ModelSpec(
        name=model.name,
        product_line=model.product_line.name if model.product_line else None,
        groups=tuple(_load_group(group) for group in groups),
        exclusions=tuple(
            ExclusionSpec(row.name, stored_condition(row.when)) for row in model.exclusions.order_by("order")
        ),
        auto_qualify=tuple(
            QualificationSpec(row.name, row.signal, stored_condition(row.when) if row.when else None)
            for row in model.auto_qualifications.order_by("order")
        ),
        grades=Grades(tuple(model.fit_grades), tuple(model.engagement_grades)),
        bands=tuple(Threshold(row.band.key, row.enter, row.leave) for row in thresholds),
    )


def _load_group(group: Group) -> GroupSpec:
    return GroupSpec(
        name=group.name,
        kind=group.kind,
        rules=tuple(_load_rule(rule) for rule in group.rules.all()),
        combine=group.combine,
        min=group.min,
        max=group.max,
        decay=stored_decay(group.decay),
    )


def _load_rule(rule: Rule) -> RuleSpec:
    return RuleSpec(
        name=rule.name,
        points=rule.points,
        signal=rule.signal,
        when=stored_condition(rule.when) if rule.when else None,
        repeat=stored_repeat(rule.repeat),
        at_least=stored_at_least(rule.at_least),
        per=stored_per(rule.per),
    )


def store_definition(model: ScoringModel, spec: ModelSpec) -> None:
    """Replace all that hangs on a draft; its own row holds name, product line and grades."""
    for rows in (model.groups, model.exclusions, model.auto_qualifications, model.thresholds):
        rows.all().delete()
    _store_groups(model, spec)
    Exclusion.objects.bulk_create(
        Exclusion(model=model, order=order, name=item.name, when=write_condition(item.when))
        for order, item in enumerate(spec.exclusions)
    )
    AutoQualification.objects.bulk_create(
        AutoQualification(
            model=model,
            order=order,
            name=item.name,
            signal=item.signal,
            when=write_condition(item.when) if item.when else None,
        )
        for order, item in enumerate(spec.auto_qualify)
    )
    bands = {band.key: band for band in Band.objects.all()}
    BandThreshold.objects.bulk_create(
        BandThreshold(model=model, band=bands[item.band], enter=item.enter, leave=item.leave)
        for item in spec.bands
    )


def _store_groups(model: ScoringModel, spec: ModelSpec) -> None:
    groups = Group.objects.bulk_create(
        Group(
            model=model,
            order=order,
            name=group.name,
            kind=group.kind,
            combine=group.combine,
            min=group.min,
            max=group.max,
            decay=write_decay(group.decay),
        )
        for order, group in enumerate(spec.groups)
    )
    Rule.objects.bulk_create(
        Rule(
            group=row,
            order=order,
            name=rule.name,
            signal=rule.signal,
            when=write_condition(rule.when) if rule.when else None,
            points=rule.points,
            **write_counting(rule),
        )
        for row, group in zip(groups, spec.groups, strict=True)
        for order, rule in enumerate(group.rules)
    )
