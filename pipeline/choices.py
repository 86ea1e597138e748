"""What filters and menus offer a user, read in one query."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from django.db.models import CharField, F, IntegerField, QuerySet, Value
from django.db.models.functions import Cast, Coalesce, Concat, NullIf, Trim

from leads.models import Campaign, ProductLine, Source, User
from pipeline.models import Stage

Pair = tuple[str, str]
Pairs = list[Pair]


@dataclass(frozen=True, slots=True)
class Choices:
    """Pairs of value and label by kind; stages in groups named by their pipeline when there are several."""

    stages: list[Any] = field(default_factory=list)
    product_lines: Pairs = field(default_factory=list)
    sources: Pairs = field(default_factory=list)
    campaigns: Pairs = field(default_factory=list)
    owners: Pairs = field(default_factory=list)


def choices_for(user: User) -> Choices:
    """Everything this user may choose from; people are those to whom he may give leads."""
    found: dict[str, list[tuple[str, str, str]]] = {}
    for kind, value, label, group, _ in _rows(user):
        found.setdefault(kind, []).append((value, label, group))
    return Choices(**{kind: _pairs(rows) for kind, rows in found.items()})


def _rows(user: User) -> Iterable[tuple[str, str, str, str, int]]:
    parts = [
        _part("stages", Stage.objects.current().order_by(), group="pipeline__name", rank="order"),
        _part("product_lines", ProductLine.objects.order_by()),
        _part("sources", Source.objects.order_by()),
        _part("campaigns", Campaign.objects.order_by()),
        _people(user),
    ]
    together = parts[0].union(*parts[1:], all=True)
    return sorted(together, key=lambda row: (row[3].casefold(), row[4], row[1].casefold()))


def _part(
    kind: str, rows: QuerySet[Any], *, label: str = "name", group: str = "", rank: str = ""
) -> QuerySet[Any, Any]:
    labelled: QuerySet[Any] = rows.annotate(
        choice_kind=Value(kind, CharField()),
        choice_value=Cast("pk", CharField()),
        choice_label=Cast(label, CharField()),
        choice_group=Cast(group, CharField()) if group else Value("", CharField()),
        choice_rank=Cast(rank, IntegerField()) if rank else Value(0, IntegerField()),
    )
    return labelled.values_list("choice_kind", "choice_value", "choice_label", "choice_group", "choice_rank")


def _people(user: User) -> QuerySet[Any, Any]:
    full_name = NullIf(Trim(Concat("first_name", Value(" "), "last_name")), Value(""))
    people = (
        User.objects.assignable_by(user).order_by().annotate(full_name=Coalesce(full_name, F("username")))
    )
    return _part("owners", people, label="full_name")


def _pairs(rows: list[tuple[str, str, str]]) -> list[Any]:
    groups = [
        (name, [(value, label) for value, label, _ in some])
        for name, some in groupby(rows, lambda row: row[2])
    ]
    return groups if len(groups) > 1 else groups[0][1]
