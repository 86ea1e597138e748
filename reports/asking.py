"""What every report can be asked, as it stands in the address: days, and whose deals."""

import re
from calendar import monthrange
from collections.abc import Iterable, Mapping
from datetime import date
from operator import attrgetter
from typing import Any, Generic, TypeVar

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet, Value

from leads.models import Campaign, ProductLine, Source, Team, User
from leads.organisation import organisation, today
from pipeline.models import ExchangeRate
from reports.periods import DAY, YEAR_MONTHS, Span, add_months, month_start

FIRST_YEAR, LAST_YEAR = 1990, 2100
LONGEST = 60  # months

Row = TypeVar("Row")


class DayField(forms.Field):
    """A date in ISO form, with a sentence for every way to miss it."""

    def to_python(self, value: str | None) -> date | None:
        if not value:
            return None
        parts = re.fullmatch(r"(\d{4})-(\d{2})-(\d{2})", value.strip(), re.ASCII)
        if not parts:
            raise ValidationError(f"“{value[:40]}” is not a date. Write it as 2026-10-31.")
        year, month, day = (int(part) for part in parts.groups())
        return _day(year, month, day)


def _day(year: int, month: int, day: int) -> date:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValidationError(f"{year} is too far away. Choose a year from {FIRST_YEAR} to {LAST_YEAR}.")
    if not 1 <= month <= 12:
        raise ValidationError(f"There is no month {month}. Write a date as 2026-10-31.")
    last = date(year, month, monthrange(year, month)[1])
    if not 1 <= day <= last.day:
        raise ValidationError(f"There is no {day} {last:%B}. The last day is {last.day} {last:%b %Y}.")
    return date(year, month, day)


class NamedField(forms.Field, Generic[Row]):
    """One of the rows that the form has put here by name; the refusal repeats the name."""

    def __init__(self, noun: str) -> None:
        super().__init__(required=False)
        self.noun = noun
        self.rows: dict[str, Row] = {}

    def to_python(self, value: str | None) -> Row | None:
        if value and value not in self.rows:
            raise ValidationError(f"There is no {self.noun} “{value[:60]}” among those that you can see.")
        return self.rows[value] if value else None


def offer(form: forms.Form, name: str, rows: dict[str, Any]) -> None:
    field = form.fields[name]
    assert isinstance(field, NamedField)
    field.rows = rows


class WordField(forms.TypedChoiceField):
    """One of a few words; the first is meant when nothing is said."""

    def __init__(self, *words: str) -> None:
        refusal = f"“%(value)s” is not known here. Choose {' or '.join(words)}."
        super().__init__(
            choices=[(word, word) for word in words],
            required=False,
            error_messages={"invalid_choice": refusal},
            empty_value=words[0],
        )


class SpanForm(forms.Form):
    """The first and last day of a report, both included."""

    start = DayField(required=False)
    end = DayField(required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        start, end = cleaned.get("start"), cleaned.get("end")
        if start and end and end < start:
            self.add_error("end", f"The period ends on {end}, before it begins on {start}.")
        return cleaned


def looking_back(cleaned: Mapping[str, Any], months: int = YEAR_MONTHS) -> Span:
    """The days that are asked for; for one that is not, so many months up to the end, or to this month."""
    start, end = cleaned["start"], cleaned["end"]
    last = end or max(_month_end(today()), _month_end(start or today()))
    return Span(start or add_months(month_start(last), 1 - months), last)


def _month_end(day: date) -> date:
    return add_months(month_start(day), 1) - DAY


def check_length(form: forms.Form, cleaned: Mapping[str, Any]) -> None:
    """Refuse, of a form that has filled in both days, a period that is turned round or too long."""
    if cleaned["end"] < cleaned["start"]:
        form.add_error("end", f"The period ends on {cleaned['end']}, before it begins on {cleaned['start']}.")
    elif len(Span(cleaned["start"], cleaned["end"]).months) > LONGEST:
        form.add_error(
            "end", f"A report covers at most {LONGEST // YEAR_MONTHS} years. Choose a shorter period."
        )


class CurrencyField(NamedField[Any]):
    """A currency by its code, also one without a rate: what it cannot convert, a report lists."""

    def __init__(self) -> None:
        super().__init__("currency")

    def to_python(self, value: str | None) -> str:
        if value and not re.fullmatch("[A-Z]{3}", value, re.ASCII):
            raise ValidationError(f"“{value[:20]}” is no currency. Write its ISO code, such as EUR.")
        return value or ""


class ScopeForm(SpanForm):
    """The filters that all reports share; subclass it and add what the report alone asks."""

    team = NamedField[Team]("team")
    owner = NamedField[User]("owner")
    product_line = NamedField[ProductLine]("product line")
    source = NamedField[Source]("source")
    campaign = NamedField[Campaign]("campaign")
    currency = CurrencyField()

    def __init__(self, asked: Mapping[str, Any], *, user: User) -> None:
        super().__init__(asked)
        self.user = user
        people = list(people_seen_by(user))
        offer(self, "owner", {person.username: person for person in people})
        offer(self, "team", {team.name: team for team in teams_of(people, user)})
        for name, rows in _kinds().items():
            offer(self, name, rows)

    @property
    def filters(self) -> list[str]:
        """The chips, in their order."""
        return list(SCOPE)

    @property
    def scope(self) -> dict[str, Any]:
        """Of a valid form: the fields of a Scope."""
        return {name: self.cleaned_data[name] for name in SCOPE}


SCOPE = ("team", "owner", "product_line", "source", "campaign", "currency")


def _kinds() -> dict[str, dict[str, Any]]:
    """Product lines, sources, campaigns and currencies by name, from one statement."""
    models: dict[str, type[Any]] = {"product_line": ProductLine, "source": Source, "campaign": Campaign}
    tables = [
        model.objects.order_by().values_list(Value(name), "pk", "name") for name, model in models.items()
    ]
    rated = ExchangeRate.objects.order_by().values_list(Value("currency"), Value(0), "currency")
    own = organisation().currency
    kinds: dict[str, dict[str, Any]] = {name: {} for name in models} | {"currency": {own: own}}
    for kind, pk, name in sorted(rated.union(*tables), key=lambda row: (row[0], row[2].lower())):
        kinds[kind][name] = models[kind](pk=pk, name=name) if kind in models else name
    return kinds


def people_seen_by(user: User) -> QuerySet[User]:
    """Whose leads one sees: everybody's, one's teams', or one's own; those who left are among them."""
    people: QuerySet[User] = User.objects.select_related("team")
    if user.has_perm("leads.view_all_leads"):
        return people
    if user.has_perm("leads.view_team_leads"):
        return people.filter(Q(team__managers=user) | Q(pk=user.pk)).distinct()
    return people.filter(pk=user.pk)


def teams_of(people: Iterable[User], user: User) -> list[Team]:
    """The teams of these people; none for somebody who sees only what is their own."""
    if not user.has_perm("leads.view_team_leads"):
        return []
    return sorted({person.team for person in people if person.team}, key=attrgetter("name"))
