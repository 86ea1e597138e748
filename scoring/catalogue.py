"""What a definition may name here and now: fields with their choices, custom ones, answers, kinds, bands."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from django_countries import countries

from leads.models import ActivityKind, CustomField, Question
from leads.models.activities import Origin
from leads.models.fields import AnswerType
from leads.models.leads import ContactRole, Status
from leads.models.people import Consent
from scoring.fields import BUILT_IN, Catalogue, Field, FieldType
from scoring.models import Band

CHOICES: Mapping[str, list[tuple[str, str]]] = {
    "lead.status": Status.choices,
    "contact.role": ContactRole.choices,
    "contact.consent": Consent.choices,
    "activity.origin": Origin.choices,
}
ANSWER_TYPES = {
    AnswerType.YES_NO: FieldType.BOOLEAN,
    AnswerType.CHOICE: FieldType.CHOICE,
    AnswerType.NUMBER: FieldType.NUMBER,
    AnswerType.DATE: FieldType.DATE,
}


def read_catalogue() -> Catalogue:
    """The catalogue of this moment."""
    fields = (*_built_in(), *_custom(), *_answers())
    signals = dict(ActivityKind.objects.filter(by="prospect").order_by("key").values_list("key", "label"))
    bands = dict(Band.objects.values_list("key", "name"))
    return Catalogue(
        fields={field.path: field for field in fields},
        signals=tuple(signals),
        bands=tuple(bands),
        labels=signals | bands,
    )


def _built_in() -> Iterator[Field]:
    for field in BUILT_IN:
        if field.type == FieldType.COUNTRY:
            yield replace(field, choices=dict(countries))
        else:
            choices = CHOICES.get(field.path, ())
            yield replace(field, choices={str(key): str(label) for key, label in choices})


def _custom() -> Iterator[Field]:
    for custom in CustomField.objects.all():
        yield Field(custom.path, custom.label, FieldType(custom.type))


def _answers() -> Iterator[Field]:
    for question in Question.objects.all():
        choices = {str(choice): str(choice) for choice in question.choices}
        yield Field(f"answer.{question.key}", question.text, ANSWER_TYPES[AnswerType(question.type)], choices)
