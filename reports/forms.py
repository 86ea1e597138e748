"""What a report is asked for, as it stands in the address; page, list, CSV and API read it here."""

import re
from calendar import monthrange
from collections.abc import Iterable, Mapping
from datetime import date
from operator import attrgetter
from typing import Any, Generic, TypeVar

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet

from leads.models import ProductLine, Team, User
from leads.organisation import organisation, today
from pipeline.models import LostReason, Pipeline
from pipeline.querysets import DealQuerySet
from reports.forecast import ForecastQuery, Shown, periods_of, shown_deals
from reports.funnel import NO_REASONS, Cohort, FunnelQuery, Passed, passed_deals, pipelines_for, with_reason
from reports.periods import DAY, YEAR_MONTHS, By, Span, add_months, month_start, usual_span
from scoring.models import Band

FIRST_YEAR, LAST_YEAR = 1990, 2100
LONGEST = 60  # months

Row = TypeVar("Row", bound=Model)


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


def _offer(form: forms.Form, name: str, rows: dict[str, Any]) -> None:
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


class ForecastForm(SpanForm):
    by = WordField(*By)
    weighted = WordField("true", "false")
    owner = NamedField[User]("owner")
    team = NamedField[Team]("team")
    product_line = NamedField[ProductLine]("product line")

    def __init__(self, asked: Mapping[str, Any], *, user: User) -> None:
        super().__init__(asked)
        self.user = user
        people = list(people_seen_by(user))
        _offer(self, "owner", {person.username: person for person in people})
        _offer(self, "team", {team.name: team for team in teams_of(people, user)})
        _offer(self, "product_line", {line.name: line for line in ProductLine.objects.all()})

    def clean(self) -> dict[str, Any]:
        """Fill in what was left out: the usual span, or a year from the one day that is given."""
        cleaned = super().clean()
        if self.errors:
            return cleaned
        usual = usual_span(today(), organisation().fiscal_year_start)
        start, end = cleaned["start"], cleaned["end"]
        if start and not end:
            cleaned["end"] = add_months(month_start(start), YEAR_MONTHS) - DAY
        elif end and not start:
            cleaned["start"] = add_months(month_start(end), 1 - YEAR_MONTHS)
        elif not start:
            cleaned |= {"start": usual.start, "end": usual.end}
        if len(Span(cleaned["start"], cleaned["end"]).months) > LONGEST:
            self.add_error(
                "end", f"A forecast covers at most {LONGEST // YEAR_MONTHS} years. Choose a shorter period."
            )
        return cleaned

    def query(self) -> ForecastQuery:
        """What is asked, of a valid form."""
        cleaned = self.cleaned_data
        return ForecastQuery(
            start=cleaned["start"],
            end=cleaned["end"],
            by=By(cleaned["by"]),
            weighted=cleaned["weighted"] == "true",
            owner=cleaned["owner"],
            team=cleaned["team"],
            product_line=cleaned["product_line"],
        )


TITLES = {
    Shown.DEALS: "Won and open deals",
    Shown.WON: "Won deals",
    Shown.OPEN: "Open deals",
    Shown.OVERDUE: "Open deals that are overdue",
    Shown.UNDATED: "Open deals without an expected close",
    Shown.WON_UNDATED: "Won deals, date unknown",
    Shown.LOST_UNDATED: "Lost deals, date unknown",
    Shown.UNCONVERTED: "Deals without an exchange rate",
}


class ForecastDealsForm(ForecastForm):
    """One number of a forecast."""

    show = WordField(*Shown)
    period = forms.CharField(required=False)

    def clean(self) -> dict[str, Any]:
        """Find the period by its key among those that are asked for."""
        cleaned = super().clean()
        key = cleaned.get("period")
        if key and not self.errors:
            cleaned["period"] = next(
                (period for period in periods_of(self.query()) if period.key == key), None
            )
            if cleaned["period"] is None:
                self.add_error("period", f"There is no {cleaned['by']} “{key[:20]}” in this forecast.")
        return cleaned

    @property
    def title(self) -> str:
        """What the number is, and of when."""
        shown, period = Shown(self.cleaned_data["show"]), self.cleaned_data["period"]
        if period or shown in (Shown.DEALS, Shown.WON, Shown.OPEN):
            return f"{TITLES[shown]}, {period.name if period else self.query().span.label}"
        return TITLES[shown]

    def deals(self) -> DealQuerySet:
        """The deals behind the number."""
        shown, period = Shown(self.cleaned_data["show"]), self.cleaned_data["period"]
        return shown_deals(self.user, self.query(), shown, period or None)


class FunnelForm(SpanForm):
    pipeline = NamedField[Pipeline]("pipeline")
    cohort = WordField(*Cohort)
    measure = WordField("leads", "value")

    def __init__(self, asked: Mapping[str, Any], *, user: User) -> None:
        super().__init__(asked)
        self.user = user
        self.pipelines = pipelines_for(user)
        _offer(self, "pipeline", {pipeline.key: pipeline for pipeline in self.pipelines})

    def clean(self) -> dict[str, Any]:
        """The usual pipeline where none is asked for."""
        cleaned = super().clean()
        return cleaned | {"pipeline": cleaned.get("pipeline") or self.pipelines[0]}

    def query(self) -> FunnelQuery:
        """What is asked, of a valid form."""
        cleaned = self.cleaned_data
        return FunnelQuery(
            pipeline=cleaned["pipeline"],
            start=cleaned["start"],
            end=cleaned["end"],
            cohort=Cohort(cleaned["cohort"]),
        )


class FunnelDealsForm(FunnelForm):
    """One number of a funnel."""

    passed = WordField(*Passed)
    stage = forms.CharField(required=False)
    reason = forms.CharField(required=False)
    band = NamedField[Band]("band")

    def __init__(self, asked: Mapping[str, Any], *, user: User) -> None:
        super().__init__(asked, user=user)
        _offer(self, "band", {band.key: band for band in Band.objects.all()})

    def clean(self) -> dict[str, Any]:
        """Find the stage by its key in the pipeline that is asked for."""
        cleaned = super().clean()
        key = cleaned.get("stage")
        if key and not self.errors:
            pipeline = cleaned["pipeline"]
            cleaned["stage"] = pipeline.stages.filter(key=key).first()
            if cleaned["stage"] is None:
                self.add_error("stage", f"{pipeline} has no stage “{key[:60]}”.")
        return cleaned

    @property
    def title(self) -> str:
        """What the number is, and where."""
        stage, band = self.cleaned_data["stage"], self.cleaned_data["band"]
        words = {Passed.HERE: "Still here", Passed.ENTERED: "Entered", Passed.WON: "Won"}
        passed = Passed(self.cleaned_data["passed"])
        return ", ".join(
            part
            for part in (
                words.get(passed, passed.capitalize()),
                stage and stage.name,
                self._reason,
                band and band.name,
            )
            if part
        )

    @property
    def _reason(self) -> str:
        key = self.cleaned_data["reason"]
        told = LostReason.objects.filter(key=key).first() if key else None
        return told.name if told else NO_REASONS.get(key, "")

    def deals(self) -> DealQuerySet:
        """The deals behind the number."""
        cleaned = self.cleaned_data
        deals = passed_deals(self.user, self.query(), Passed(cleaned["passed"]), cleaned["stage"] or None)
        if cleaned["reason"]:
            deals = with_reason(deals, cleaned["reason"])
        return deals.filter(entry_band=cleaned["band"]) if cleaned["band"] else deals


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
