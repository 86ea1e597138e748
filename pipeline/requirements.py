"""What stages ask for before a deal enters or passes them, and what of it a deal lacks."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, Exists, F, Func, OuterRef, Q, QuerySet
from django.db.models.functions import JSONObject

from leads.models import Activity, Answer, Lead, LeadContact
from pipeline.fields import FIELDS, Subject
from pipeline.models import Requirement
from scoring.models import LeadScore, ScoreState

if TYPE_CHECKING:
    from pipeline.models import Deal, Stage

LEAD = OuterRef(OuterRef("pk"))  # of the lead, from within a condition on a requirement
FACTS = JSONObject(
    pk="pk",
    order="stage__order",
    field="field",
    custom="custom_field__label",
    question="question__text",
    value="value",
    kind="kind__label",
    band="band__name",
)


@dataclass(frozen=True, slots=True)
class Lacking:
    """A requirement that a lead does not meet, of the stage with this place in its pipeline."""

    pk: int
    order: int
    subject: Subject

    def __str__(self) -> str:
        return str(self.subject)


def lacking_rows() -> ArraySubquery:
    """What a lead lacks for any stage of its pipeline, in their order; annotates a query of leads."""
    return ArraySubquery(_unmet().order_by("stage__order", "pk").values(facts=FACTS))


def read_lacking(rows: Iterable[Mapping[str, Any]]) -> list[Lacking]:
    """What `lacking_rows` brought."""
    return [
        Lacking(row["pk"], row["order"], Subject(**{name: row[name] for name in Subject.__annotations__}))
        for row in rows
    ]


def lacking_of(deals: Collection[Deal]) -> dict[int, list[Lacking]]:
    """What these deals lack for any stage of their pipelines; one query."""
    leads = Lead.objects.filter(pk__in=[deal.pk for deal in deals])
    found = leads.annotate(lacking=lacking_rows()).values_list("pk", "lacking")
    return {pk: read_lacking(rows) for pk, rows in found}


def missing(lacking: Iterable[Lacking], start: Stage, target: Stage) -> list[Lacking]:
    """What stands between two stages of a pipeline; nothing asks on the way back."""
    return [asked for asked in lacking if start.order < asked.order <= target.order]


def in_words(lacking: Iterable[Lacking]) -> str:
    """Value, Is the budget approved? Yes, Demo held."""
    return ", ".join(str(asked) for asked in lacking)


def _unmet() -> QuerySet[Requirement]:
    of_pipeline = Requirement.objects.filter(
        stage__pipeline=OuterRef("deal__stage__pipeline"), stage__removed_at=None
    )
    conditions = [_without_fields(), _without_custom(), _unanswered(), _not_done(), _in_no_band()]
    return of_pipeline.filter(reduce(or_, conditions))


def _without_fields() -> Q:
    """Each field has its own condition, on the lead or on one of its people."""
    return reduce(or_, (Q(field=path) & ~Q(_is_filled(path)) for path in FIELDS))


def _is_filled(path: str) -> Exists:
    field = FIELDS[path]
    if field.is_of_people:
        return Exists(LeadContact.objects.filter(field.is_filled, lead=LEAD))
    return Exists(Lead.objects.filter(field.is_filled, pk=LEAD))


def _without_custom() -> Q:
    has_key = Func(
        F("attributes"),
        OuterRef("custom_field__key"),
        function="jsonb_exists",
        output_field=BooleanField(),
    )
    return Q(custom_field__isnull=False) & ~Q(Exists(Lead.objects.filter(has_key, pk=LEAD)))


def _unanswered() -> Q:
    answers = Answer.objects.filter(lead=LEAD, question=OuterRef("question"))
    is_answered = Q(Q(value=None) & Exists(answers)) | Q(Exists(answers.filter(value=OuterRef("value"))))
    return Q(question__isnull=False) & ~is_answered


def _not_done() -> Q:
    """Since the deal was opened, as with key activities."""
    since_opening = Q(lead__deal__reopened_at=None) | Q(occurred_at__gte=F("lead__deal__reopened_at"))
    done = Activity.objects.trusted().filter(since_opening, lead=LEAD, kind=OuterRef("kind")).order_by()
    return Q(kind__isnull=False) & ~Q(Exists(done))


def _in_no_band() -> Q:
    good = LeadScore.objects.filter(
        lead=LEAD, state=ScoreState.SCORED, band__order__lte=OuterRef("band__order")
    )
    return Q(band__isnull=False) & ~Q(Exists(good))
