"""The rows of the triage list: what stands in each, read for a page of leads in one prepared query."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import BigIntegerField, CharField, DateField, OuterRef, Subquery
from django.db.models.functions import JSONObject

from config.prepared import Parameter, PreparedQuery
from leads.models import Activity, Lead
from leads.organisation import organisation
from leads.querysets import LeadQuerySet
from pipeline.bands import Ladder
from pipeline.models import Deal
from pipeline.wording import activity_title, subject, symbol
from scoring.models import ScoreDay

WEEK = timedelta(days=7)
LEADS = Parameter("leads", "bigint[]", BigIntegerField())
WEEK_AGO = Parameter("week_ago", "date", DateField())
TODAY = Parameter("today", "date", DateField())
CURRENCY = Parameter("currency", "text", CharField())


@dataclass(frozen=True, slots=True)
class Signal:
    """The latest thing that the prospect did: in short, as its icon tells the kind, and in full."""

    short: str
    title: str
    symbol: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Row:
    """A lead in the list; `worth` is its value in the organisation's currency."""

    lead: Lead
    change: int | None
    signal: Signal | None
    worth: Decimal | None
    notches: tuple[int, ...]

    @property
    def owner(self) -> str:
        return str(self.lead.owner) if self.lead.owner else ""


def rows_of(ids: list[int], ladder: Ladder, today: date) -> Iterator[Row]:
    """Those of these leads, in this order; one query."""
    found = WITH_DETAILS.read(leads=ids, week_ago=today - WEEK, today=today, currency=organisation().currency)
    leads = {lead.pk: lead for lead in found}
    for pk in ids:
        lead = leads[pk]
        before, total = lead.total_before, lead.score.total
        yield Row(
            lead=lead,
            change=None if before is None or total is None else total - before,
            signal=_signal(lead.latest_signal),
            worth=lead.worth,
            notches=ladder.notches(lead.score.model_id),
        )


def _with_details() -> LeadQuerySet:
    week_ago = ScoreDay.objects.filter(lead=OuterRef("pk"), day__lte=WEEK_AGO).order_by("-day")
    signal = Activity.objects.signals().filter(lead=OuterRef("pk")).order_by("-occurred_at", "-pk")
    money: Any = Deal.objects.with_money(CURRENCY, TODAY)
    facts = JSONObject(
        kind="kind__key",
        label="kind__label",
        at="occurred_at",
        url="url",
        seconds="duration_seconds",
        properties="properties",
    )
    return (
        Lead.objects.among(LEADS)
        .with_names()
        .select_related("company", "owner", "score__band", "deal__stage")
        .defer("attributes", "company__attributes")
        .annotate(
            total_before=Subquery(week_ago.values("total")[:1]),
            worth=Subquery(money.filter(pk=OuterRef("pk")).values("converted")),
            latest_signal=Subquery(signal.values(facts=facts)[:1]),
        )
    )


def _signal(facts: dict[str, Any] | None) -> Signal | None:
    if not facts:
        return None
    kind, at = str(facts.pop("kind")), datetime.fromisoformat(str(facts.pop("at")))
    short = subject(facts["url"], facts["properties"]) or facts["label"]
    return Signal(short, activity_title(**facts), symbol(kind), at)


WITH_DETAILS = PreparedQuery(_with_details)
