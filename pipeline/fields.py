"""Facts about a lead that a stage may ask for: how they are called, and when a lead has them. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q


@dataclass(frozen=True, slots=True)
class RequiredField:
    """A fact by the name that people read; `is_filled` is a condition on `Lead`, or on one of its people."""

    label: str
    is_filled: Q
    is_of_people: bool = False


FIELDS = {
    "deal.value": RequiredField("Value", Q(deal__value__isnull=False)),
    "deal.product": RequiredField("Product", Q(deal__product__isnull=False)),
    "deal.expected_close_on": RequiredField(
        "Expected close, not estimated", Q(deal__expected_close_on__isnull=False, deal__close_estimated=False)
    ),
    "lead.pain": RequiredField("Pain", Q(pain__gt="")),
    "lead.source": RequiredField("Source", Q(source__isnull=False)),
    "lead.campaign": RequiredField("Campaign", Q(campaign__isnull=False)),
    "company.industry": RequiredField("Industry", Q(company__industry__gt="")),
    "company.employees": RequiredField("Employees", Q(company__employees__isnull=False)),
    "company.annual_revenue": RequiredField("Annual revenue", Q(company__annual_revenue__isnull=False)),
    "company.country": RequiredField("Country", Q(company__country__gt="")),
    "contact.email": RequiredField("E-mail of a contact", Q(contact__email__gt=""), is_of_people=True),
    "contact.phone": RequiredField("Phone of a contact", Q(contact__phone__gt=""), is_of_people=True),
    "contact.job_title": RequiredField(
        "Job title of a contact", Q(contact__job_title__gt=""), is_of_people=True
    ),
}


@dataclass(frozen=True, slots=True)
class Subject:
    """What a requirement is about; one of these has a name, an answer may have its value."""

    field: str = ""
    custom: str | None = None
    question: str | None = None
    value: object = None
    kind: str | None = None
    band: str | None = None

    def __str__(self) -> str:
        if self.field:
            return FIELDS[self.field].label
        if self.question:
            return " ".join(filter(None, [self.question, self._answer]))
        return f"Band {self.band} or better" if self.band else str(self.custom or self.kind)

    @property
    def _answer(self) -> str:
        return "" if self.value is None else answer_in_words(self.value)


def answer_in_words(value: object) -> str:
    """Yes for true; numbers, dates and texts as they are."""
    return ("No", "Yes")[value] if isinstance(value, bool) else str(value)
