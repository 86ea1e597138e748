"""The form of a lead: company, people, facts, deal; and what is there already."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BaseFormSet, formset_factory
from django.http import QueryDict

from leads.actions import CompanyFacts, ContactFacts
from leads.addresses import normal_domain, normal_email, normal_phone
from leads.duplicates import Duplicate, find_duplicates
from leads.forms import WATCHED, CustomFieldsForm, found_company
from leads.models import Campaign, Company, Contact, Lead, LeadContact, Product, ProductLine, Source, User
from leads.models.fields import FieldEntity
from leads.models.leads import ContactRole
from leads.organisation import organisation
from pipeline.actions.entry import LeadEntry, PersonEntry
from pipeline.forms.deals import BOUNDS
from pipeline.forms.widgets import date_field

MOST_PEOPLE = 20


class LeadForm(CustomFieldsForm):
    """The lead itself, its company by name, and its deal."""

    entity = FieldEntity.LEAD

    company_name = forms.CharField(
        label="Company",
        max_length=200,
        required=False,
        widget=forms.TextInput(WATCHED),
        help_text="A name that is not here yet is added.",
    )
    company_domain = forms.CharField(
        label="Its site", max_length=253, required=False, help_text="Such as example.com."
    )
    product_line = forms.ModelChoiceField(ProductLine.objects.all(), required=False, empty_label="None")
    source = forms.ModelChoiceField(Source.objects.all(), required=False, empty_label="Unknown")
    campaign = forms.ModelChoiceField(Campaign.objects.all(), required=False, empty_label="None")
    pain = forms.CharField(max_length=400, required=False, help_text="What hurts them, in their words.")
    value = forms.DecimalField(
        min_value=0,
        max_digits=14,
        decimal_places=2,
        required=False,
        widget=forms.NumberInput({"step": "0.01"}),
        error_messages={"min_value": "A value is never below 0."},
    )
    currency = forms.RegexField(
        r"^[A-Z]{3}$", error_messages={"invalid": "Three capital letters, such as EUR."}
    )
    product = forms.ModelChoiceField(
        Product.objects.select_related("product_line"), required=False, empty_label="None"
    )
    expected_close_on = date_field("Expected close")

    def __init__(
        self, *args: Any, lead: Lead | None = None, company: Company | None = None, **kwargs: Any
    ) -> None:
        self.lead = lead
        self.known_company = lead.company if lead else company
        kwargs["initial"] = _initial(lead, self.known_company)
        super().__init__(*args, attributes=lead.attributes if lead else None, **kwargs)

    def clean_company_domain(self) -> str:
        return normal_domain(self.cleaned_data["company_domain"])

    @property
    def own_fields(self) -> list[forms.BoundField]:
        """The custom fields."""
        return [self[f"custom_{field.key}"] for field in self.custom_fields]

    @property
    def company(self) -> CompanyFacts | None:
        """The company of this name, with a site that it lacks; of another site, a new one."""
        name, domain = self.cleaned_data["company_name"], self.cleaned_data["company_domain"]
        if not name:
            return None
        found = found_company(name, self.known_company)
        if found and (not domain or found.domain in ("", domain)):
            return CompanyFacts(id=found.pk, domain=domain or found.domain)
        return CompanyFacts(name=name, domain=domain)

    def entry(self, people: Iterable[PersonEntry]) -> LeadEntry:
        """What the verbs take."""
        chosen = self.cleaned_data
        ids = {
            f"{name}_id": chosen[name] and chosen[name].pk for name in ("product_line", "source", "campaign")
        }
        return LeadEntry(
            company=self.company,
            people=list(people),
            facts={**ids, "pain": chosen["pain"], "attributes": self.attributes},
            deal=self._deal(),
        )

    def _deal(self) -> dict[str, object]:
        """Only what was typed: an estimated close or value stays estimated until somebody changes it."""
        typed = {
            "value": self.cleaned_data["value"],
            "currency": self.cleaned_data["currency"],
            "product_id": self.cleaned_data["product"] and self.cleaned_data["product"].pk,
            "expected_close_on": self.cleaned_data["expected_close_on"],
        }
        return {name: fact for name, fact in typed.items() if name.removesuffix("_id") in self.changed_data}


class NewLeadForm(LeadForm):
    """A lead to be added: whose it is, and how likely it seems now, when least is known."""

    owner = forms.ModelChoiceField(User.objects.none(), required=False, empty_label="Nobody yet")
    confidence = forms.IntegerField(
        label="First confidence",
        min_value=0,
        max_value=100,
        required=False,
        help_text="In per cent; empty: the stage decides.",
        error_messages={"min_value": BOUNDS, "max_value": BOUNDS},
    )

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["owner"].queryset = User.objects.assignable_by(user)  # type: ignore[attr-defined]
        self.initial["owner"] = user.pk

    def clean_owner(self) -> User | None:
        """Who would not see the lead without an owner is its owner."""
        sees_unowned = self.user.has_perm("leads.view_team_leads") or organisation().reps_may_pick
        return self.cleaned_data["owner"] or (None if sees_unowned else self.user)


class PersonForm(forms.Form):
    """One person; an address that is here already stands for the contact who has it."""

    contact = forms.IntegerField(required=False, widget=forms.HiddenInput)
    first_name = forms.CharField(max_length=120, required=False)
    last_name = forms.CharField(max_length=120, required=False)
    email = forms.CharField(label="E-mail", max_length=254, required=False, widget=forms.EmailInput())
    phone = forms.CharField(max_length=40, required=False)
    job_title = forms.CharField(max_length=160, required=False)
    role = forms.ChoiceField(choices=[("", "–"), *ContactRole.choices], required=False)
    is_first = forms.BooleanField(label="Names the lead", required=False)

    def clean_email(self) -> str:
        return normal_email(self.cleaned_data["email"])

    def clean_phone(self) -> str:
        return normal_phone(self.cleaned_data["phone"])

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        named = [cleaned.get(name) for name in ("first_name", "last_name", "email")]
        if self.has_changed() and not self.errors and not any(named) and not cleaned.get("DELETE"):
            raise ValidationError("Give a name or an e-mail address.")
        return cleaned

    @property
    def is_filled(self) -> bool:
        """Somebody stands in this row, and stays."""
        named = any(self.cleaned_data.get(name) for name in ("first_name", "last_name", "email"))
        return named and not self.cleaned_data.get("DELETE")

    def facts(self, known: int | None, *, without_email: bool) -> ContactFacts:
        """What the verb takes; `known` is the contact who stands behind the row."""
        names = ("first_name", "last_name", "phone", "job_title")
        typed = {name: self.cleaned_data[name] for name in names if known is None or self.cleaned_data[name]}
        email = {} if without_email else {"email": self.cleaned_data["email"]}
        return ContactFacts(id=known, **typed, **email)


class PeopleForm(BaseFormSet):  # type: ignore[type-arg]
    """The people of a lead, one of them first."""

    def clean(self) -> None:
        filled = [form for form in self.forms if form.is_valid() and form.is_filled]
        if len([form for form in filled if form.cleaned_data["is_first"]]) > 1:
            raise ValidationError("Only one person names the lead.")
        emails = [form.cleaned_data["email"] for form in filled if form.cleaned_data["email"]]
        if len(set(emails)) < len(emails):
            raise ValidationError("Two people have the same e-mail address.")

    @property
    def in_order(self) -> list[PersonForm]:
        """Those who stay, the one who names the lead first."""
        filled = [form for form in self.forms if form.is_filled]
        return sorted(filled, key=lambda form: not form.cleaned_data["is_first"])

    def entries(self, lead: Lead | None, user: User) -> list[PersonEntry]:
        """What the verbs take: visible contacts who are here are linked, others' addresses left alone."""
        on_lead = (
            set(LeadContact.objects.filter(lead=lead).values_list("contact", flat=True)) if lead else set()
        )
        emails = [form.cleaned_data["email"] for form in self.in_order]
        taken = dict(Contact.objects.filter(email__in=filter(None, emails)).values_list("email", "pk"))
        visible = set(
            Contact.objects.visible_to(user).filter(pk__in=taken.values()).values_list("pk", flat=True)
        )
        return [_person(form, on_lead, taken, visible) for form in self.in_order]


PeopleFormSet = formset_factory(
    PersonForm, formset=PeopleForm, extra=1, can_delete=True, max_num=MOST_PEOPLE, validate_max=True
)


def people_form(sent: QueryDict | None, lead: Lead | None, contact: Contact | None) -> PeopleForm:
    """The rows of a lead's people, or of the contact with whom it begins, and one to fill."""
    return PeopleFormSet(sent, initial=_people(lead, contact), prefix="people")  # type: ignore[return-value]


def _people(lead: Lead | None, contact: Contact | None) -> list[dict[str, Any]]:
    links = lead.people.select_related("contact") if lead else []
    known = [(link.contact, link.role, link.is_first) for link in links] or (
        [(contact, "", True)] if contact else []
    )
    return [
        {
            "contact": person.pk,
            "first_name": person.first_name,
            "last_name": person.last_name,
            "email": person.email,
            "phone": str(person.phone),
            "job_title": person.job_title,
            "role": role,
            "is_first": is_first,
        }
        for person, role, is_first in known
    ]


def duplicates_of(form: LeadForm, people: PeopleForm, user: User) -> list[Duplicate]:
    """What is there already, but for what the page itself is about."""
    found = []
    if "company_name" in form.changed_data:
        typed = form.cleaned_data
        found = find_duplicates(
            company_name=typed["company_name"],
            domain=typed["company_domain"],
            user=user,
            besides=form.known_company,
        )
    for person in people.in_order:
        if "email" in person.changed_data:
            found += find_duplicates(email=person.cleaned_data["email"], user=user)
    return found


def _person(form: PersonForm, on_lead: set[int], taken: dict[str, int], visible: set[int]) -> PersonEntry:
    row, email = form.cleaned_data["contact"], form.cleaned_data["email"]
    owner_of_email = taken.get(email)
    known = row if row in on_lead else None
    if owner_of_email in visible:
        known = owner_of_email
    is_others = owner_of_email is not None and owner_of_email != known
    return PersonEntry(form.facts(known, without_email=is_others), form.cleaned_data["role"])


def _initial(lead: Lead | None, company: Company | None) -> dict[str, Any]:
    start = {
        "company_name": company.name if company else "",
        "company_domain": company.domain if company else "",
        "currency": organisation().currency,
    }
    if not lead:
        return start
    deal = lead.deal
    return start | {
        "product_line": lead.product_line_id,
        "source": lead.source_id,
        "campaign": lead.campaign_id,
        "pain": lead.pain,
        "value": deal.value,
        "currency": deal.currency,
        "product": deal.product_id,
        "expected_close_on": deal.expected_close_on,
    }
