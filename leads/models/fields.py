"""What an organisation adds to the form: custom fields, qualification questions and their answers."""

import pghistory
from django.core.validators import RegexValidator
from django.db import models

from leads.models.catalogue import ProductLine
from leads.models.leads import Lead
from leads.models.people import User

validate_key = RegexValidator(
    r"^[a-z][a-z0-9_]*\Z", "A key has small letters, digits and underscores and begins with a letter."
)


class FieldEntity(models.TextChoices):
    LEAD = "lead", "Lead"
    CONTACT = "contact", "Contact"
    COMPANY = "company", "Company"


class FieldType(models.TextChoices):
    TEXT = "text", "Text"
    NUMBER = "number", "Number"
    DATE = "date", "Date"
    BOOLEAN = "boolean", "Yes or no"


class CustomField(models.Model):
    """A field whose values stand in the `attributes` of leads, contacts or companies, typed as JSON."""

    entity = models.CharField(max_length=7, choices=FieldEntity, default=FieldEntity.LEAD)
    key = models.CharField(max_length=80, validators=[validate_key])
    label = models.CharField(max_length=120)
    type = models.CharField(max_length=7, choices=FieldType, default=FieldType.TEXT)

    class Meta:
        ordering = ["entity", "label"]
        constraints = [models.UniqueConstraint(fields=["entity", "key"], name="custom_field_key_is_unique")]

    def __str__(self) -> str:
        return self.label

    @property
    def path(self) -> str:
        """How rules and filters name it, such as lead.custom.lead_origin."""
        return f"{self.entity}.custom.{self.key}"


class QuestionArea(models.TextChoices):
    BUDGET = "budget", "Budget"
    AUTHORITY = "authority", "Authority"
    NEED = "need", "Need"
    TIMEFRAME = "timeframe", "Timeframe"
    PAIN = "pain", "Pain"
    AWARENESS = "awareness", "Awareness"


class AnswerType(models.TextChoices):
    YES_NO = "yes_no", "Yes or no"
    CHOICE = "choice", "One of a list"
    NUMBER = "number", "Number"
    DATE = "date", "Date"


class Question(models.Model):
    product_line = models.ForeignKey(
        ProductLine,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="questions",
        help_text="Empty for all.",
    )
    key = models.CharField(max_length=60, unique=True, validators=[validate_key])
    text = models.CharField(max_length=200)
    area = models.CharField(max_length=9, choices=QuestionArea)
    type = models.CharField(max_length=6, choices=AnswerType, default=AnswerType.YES_NO)
    choices = models.JSONField(default=list, blank=True, help_text='For a list: ["This year", "Later"].')
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["order", "id"]

    def __str__(self) -> str:
        return self.text


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Answer(models.Model):
    """The latest answer to a question; earlier ones are in the audit history."""

    lead = models.ForeignKey(Lead, models.CASCADE, related_name="answers")
    question = models.ForeignKey(Question, models.CASCADE, related_name="answers")
    value = models.JSONField(help_text="true or false, a string of the list, a number, or an ISO date.")
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["lead", "question"], name="answer_is_once_per_lead")]

    def __str__(self) -> str:
        return f"{self.question}: {self.value}"
