"""Forms about companies and contacts, and the custom fields that any form may have."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse_lazy
from django_countries import countries

from leads.actions import CompanyFacts, ContactFacts
from leads.addresses import normal_domain, normal_email, normal_phone
from leads.attributes import typed_value
from leads.models import Company, Contact, CustomField, Weekday
from leads.models.fields import FieldEntity, FieldType
from leads.models.people import Consent
from leads.organisation import today
from leads.typed import JsonValue

WATCHED = {
    # the control asks, while it is typed into, what is already there
    "hx-get": reverse_lazy("leads:duplicates"),
    "hx-trigger": "input changed delay:400ms",
    "hx-include": "closest form",
    "hx-params": "name,company_name,domain,email,company,contact",
    "hx-target": "#duplicates",
    "autocomplete": "off",
}
MOST_EMPLOYEES = 10_000_000
EARLIEST_FOUNDING = 800  # the oldest companies that still trade are somewhat younger


def working_days_field() -> forms.TypedMultipleChoiceField:
    """The weekdays on which somebody gets new leads."""
    return forms.TypedMultipleChoiceField(
        choices=Weekday.choices,
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="New leads are given on these days; none chosen: every day.",
    )


class CustomFieldsForm(forms.Form):
    """A form that ends with the custom fields of its entity; `attributes` are the stored values."""

    entity: ClassVar[FieldEntity]

    def __init__(self, *args: Any, attributes: Mapping[str, JsonValue] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.custom_fields = list(CustomField.objects.filter(entity=self.entity))
        for field in self.custom_fields:
            control = CONTROLS[FieldType(field.type)](label=field.label, required=False)
            control.initial = (attributes or {}).get(field.key)
            self.fields[f"custom_{field.key}"] = control

    @property
    def attributes(self) -> dict[str, JsonValue | None]:
        """The given values by key, typed; None for empty ones."""
        return {
            field.key: typed_value(field, self.cleaned_data[f"custom_{field.key}"])
            for field in self.custom_fields
        }


def _yes_no(**options: Any) -> forms.Field:
    choices = [("", "–"), ("true", "Yes"), ("false", "No")]
    return forms.TypedChoiceField(
        choices=choices, coerce=lambda word: word == "true", empty_value=None, **options
    )


def _date_field(**options: Any) -> forms.DateField:
    return forms.DateField(widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"), **options)


CONTROLS: Mapping[FieldType, Callable[..., forms.Field]] = {
    FieldType.TEXT: lambda **options: forms.CharField(max_length=4_000, **options),
    FieldType.NUMBER: lambda **options: forms.DecimalField(max_digits=15, **options),
    FieldType.DATE: _date_field,
    FieldType.BOOLEAN: _yes_no,
}


class CompanyForm(CustomFieldsForm):
    """What is known of a company."""

    entity = FieldEntity.COMPANY

    name = forms.CharField(max_length=200, widget=forms.TextInput(WATCHED))
    domain = forms.CharField(
        max_length=253, required=False, help_text="Such as example.com.", widget=forms.TextInput(WATCHED)
    )
    industry = forms.CharField(max_length=120, required=False)
    employees = forms.IntegerField(min_value=0, max_value=MOST_EMPLOYEES, required=False)
    annual_revenue = forms.DecimalField(
        min_value=0,
        max_digits=18,
        decimal_places=2,
        required=False,
        help_text="In the organisation's currency.",
    )
    founded = forms.IntegerField(min_value=EARLIEST_FOUNDING, label="Founded in", required=False)
    country = forms.ChoiceField(choices=[("", "–"), *countries], required=False)
    city = forms.CharField(max_length=120, required=False)
    parent_name = forms.CharField(
        max_length=200, label="Belongs to", required=False, help_text="The name of a company that is here."
    )

    def __init__(self, *args: Any, company: Company | None = None, **kwargs: Any) -> None:
        self.company = company
        if company:
            kwargs["initial"] = _initial(company, self.base_fields) | {
                "country": company.country.code,
                "parent_name": company.parent.name if company.parent else "",
            }
        super().__init__(*args, attributes=company.attributes if company else None, **kwargs)

    def clean_domain(self) -> str:
        return normal_domain(self.cleaned_data["domain"])

    def clean_founded(self) -> int | None:
        year: int | None = self.cleaned_data["founded"]
        if year and year > today().year:
            raise ValidationError("A company cannot be founded in a year to come.")
        return year

    def clean_parent_name(self) -> str:
        """Besides, finds `parent`."""
        name: str = self.cleaned_data["parent_name"]
        self.parent = found_company(name, self.company.parent if self.company else None)
        if name and self.parent is None:
            raise ValidationError(f"There is no company “{name}”.")
        if self.parent and self.parent == self.company:
            raise ValidationError("A company cannot belong to itself.")
        return name

    @property
    def facts(self) -> CompanyFacts:
        """What the action takes."""
        given = {name: self.cleaned_data[name] for name in COMPANY_FACTS}
        return CompanyFacts(
            id=self.company.pk if self.company else None,
            parent_id=self.parent.pk if self.parent else None,
            attributes=self.attributes,
            **given,
        )


COMPANY_FACTS = ["name", "domain", "industry", "employees", "annual_revenue", "founded", "country", "city"]
CONTACT_FACTS = [
    "first_name", "last_name", "email", "phone", "job_title", "seniority", "department",
    "do_not_contact", "consent",
]  # fmt: skip


class ContactForm(CustomFieldsForm):
    """What is known of a contact; a company that is not here yet is added with it."""

    entity = FieldEntity.CONTACT

    first_name = forms.CharField(max_length=120, required=False)
    last_name = forms.CharField(max_length=120, required=False)
    email = forms.CharField(max_length=254, label="E-mail", required=False, widget=forms.EmailInput(WATCHED))
    phone = forms.CharField(
        max_length=40, required=False, help_text="With its country code, such as +49 30 123456."
    )
    company_name = forms.CharField(
        max_length=200, label="Company", required=False, help_text="A name that is not here yet is added."
    )
    job_title = forms.CharField(max_length=160, required=False)
    seniority = forms.CharField(max_length=60, required=False)
    department = forms.CharField(max_length=120, required=False)
    consent = forms.ChoiceField(choices=Consent, required=False, initial=Consent.UNKNOWN)
    do_not_contact = forms.BooleanField(required=False)

    def __init__(
        self, *args: Any, contact: Contact | None = None, company: Company | None = None, **kwargs: Any
    ) -> None:
        self.contact = contact
        self.known_company = contact.company if contact else company
        kwargs["initial"] = (_initial(contact, self.base_fields) if contact else {}) | {
            "company_name": self.known_company.name if self.known_company else ""
        }
        super().__init__(*args, attributes=contact.attributes if contact else None, **kwargs)

    def clean_email(self) -> str:
        return normal_email(self.cleaned_data["email"])

    def clean_consent(self) -> str:
        return self.cleaned_data["consent"] or Consent.UNKNOWN

    def clean(self) -> dict[str, Any]:
        """Find `company`, read the phone number as its country writes it, and ask for some name."""
        cleaned = self.cleaned_data
        self.company = found_company(cleaned.get("company_name", ""), self.known_company)
        try:
            region = self.company.country.code if self.company else ""
            cleaned["phone"] = normal_phone(cleaned.get("phone", ""), region)
        except ValidationError as error:
            self.add_error("phone", error)
        if not self.errors and not any(cleaned[name] for name in ("first_name", "last_name", "email")):
            raise ValidationError("Give at least a name or an e-mail address.")
        return cleaned

    @property
    def new_company_name(self) -> str:
        """The name of a company to be added, if the one given is not here."""
        return "" if self.company else self.cleaned_data["company_name"]

    def facts(self, company: Company | None) -> ContactFacts:
        """What the action takes."""
        given = {name: self.cleaned_data[name] for name in CONTACT_FACTS}
        return ContactFacts(
            id=self.contact.pk if self.contact else None,
            company_id=company.pk if company else None,
            attributes=self.attributes,
            **given,
        )


def found_company(name: str, known: Company | None) -> Company | None:
    """The company of this name; of several the one known to be meant, else the oldest."""
    if not name:
        return None
    if known and known.name.lower() == name.lower():
        return known
    return Company.objects.like(name).order_by("pk").first()


def _initial(row: Company | Contact, fields: Mapping[str, forms.Field]) -> dict[str, Any]:
    return {name: _plain(getattr(row, name)) for name in fields if hasattr(row, name)}


def _plain(value: object) -> object:
    """A whole amount without its cents."""
    return int(value) if isinstance(value, Decimal) and value == value.to_integral_value() else value
