"""Leads of the oracle written into the database, and models published on it."""

from datetime import UTC, date, datetime, time
from decimal import Decimal

from leads.models import Activity, ActivityKind, Company, Contact, CustomField, Lead, LeadContact, Source
from scoring.actions import import_model, publish_model
from scoring.models import LeadScore, ScoringModel
from scoring.runs import finish_run
from tests.scoring.oracle import LeadFact, SignalFact

NOON = time(12)


def published(model: dict, **how) -> ScoringModel:
    """Import and publish a model in its JSON form, and wait until everything is scored."""
    draft = import_model(model, by=None)
    finish_run(publish_model(draft, by=None, **how))
    draft.refresh_from_db()
    return draft


def write_lead(fact: LeadFact) -> Lead:
    """A lead with exactly these facts; activities are stored without the verb's consequences."""
    company = {
        path.removeprefix("company."): value
        for path, value in fact.facts.items()
        if path.startswith("company.")
    }
    custom = {
        path.removeprefix("lead.custom."): _json(value)
        for path, value in fact.facts.items()
        if path.startswith("lead.custom.") and value is not None
    }
    source = fact.facts.get("lead.source")
    lead = Lead.objects.create(
        company=Company.objects.create(**_columns({"name": "C", **company}), founded=fact.founded)
        if company or fact.founded
        else None,
        source=Source.objects.get_or_create(name=source)[0] if source else None,
        status=fact.facts.get("lead.status", "new"),
        pain=fact.facts.get("lead.pain") or "",
        attributes=custom,
        created_at=_noon(fact.born),
        last_contact_at=_noon(fact.last_contact) if fact.last_contact else None,
    )
    LeadScore.objects.create(lead=lead)
    for person in fact.people:
        columns = {path.removeprefix("contact."): value for path, value in person.items()}
        columns.pop("email_domain", None)
        role = columns.pop("role", None) or ""
        unsubscribed = columns.pop("unsubscribed_at", None)
        contact = Contact.objects.create(
            **_columns(columns), unsubscribed_at=_noon(unsubscribed) if unsubscribed else None
        )
        LeadContact.objects.create(lead=lead, contact=contact, role=role)
    write_signals(lead, fact.signals)
    return lead


def write_signals(lead: Lead, signals: list[SignalFact]) -> None:
    """Store activities; the number of each fact follows the order of their ids."""
    kinds = {kind.key: kind for kind in ActivityKind.objects.all()}
    Activity.objects.bulk_create(
        Activity(
            lead=lead,
            kind=kinds[signal.kind],
            occurred_at=signal.at,
            occurred_on=signal.day,
            url=signal.facts.get("activity.url") or "",
            duration_seconds=signal.facts.get("activity.duration_seconds"),
            properties={
                path.removeprefix("activity.properties."): value
                for path, value in signal.facts.items()
                if path.startswith("activity.properties.") and value is not None
            },
            origin="api",
            trust="ok" if signal.trusted else "quarantined",
        )
        for signal in sorted(signals, key=lambda signal: signal.number)
    )


def custom_fields(**types: str) -> None:
    for key, type_ in types.items():
        CustomField.objects.get_or_create(entity="lead", key=key, defaults={"label": key, "type": type_})


def _noon(day: date) -> datetime:
    return datetime.combine(day, NOON, tzinfo=UTC)


def _json(value):
    return value.isoformat() if isinstance(value, date) else value


def _columns(values: dict) -> dict:
    """Unknown texts are empty in the database."""
    is_text = {"annual_revenue": False, "employees": False}
    return {
        key: ("" if value is None and is_text.get(key, True) else value)
        for key, value in values.items()
        if value is not None or is_text.get(key, True)
    } | (
        {"annual_revenue": Decimal(str(values["annual_revenue"]))}
        if values.get("annual_revenue") is not None
        else {}
    )
