"""Imports companies, each with its parent."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.db.models.expressions import Combinable
from django.db.models.functions import Upper

from leads.actions import CompanyFacts, save_companies
from leads.actions.rows import set_given
from leads.imports.custom_fields import create_missing
from leads.imports.external_ids import known_ids, known_rows, remember_ids
from leads.imports.fields import COMPANY_FIELDS
from leads.imports.loading import Written
from leads.imports.records import Record
from leads.models import Company, CustomField, ExternalId, Lead
from leads.models.leads import Entity


class CompanyLoader:
    """Rows become companies. One that the system has no id for yet is taken over by domain or name."""

    def __init__(self, system: str, custom_fields: Sequence[CustomField]) -> None:
        self._system = system
        self._custom_fields = custom_fields
        self.created: list[str] = []

    def prepare(self) -> None:
        self.created += create_missing(self._custom_fields)

    def write(self, records: Sequence[Record]) -> Written:
        parents = known_ids(self._system, Entity.COMPANY, (_parent(record) for record in records))
        ready = [record for record in records if _parent(record) in {"", *parents}]
        known = known_rows(self._system, Entity.COMPANY, (record.key for record in ready), Company)
        taken_over = self._namesakes([record for record in ready if record.key not in known])
        written = self._save({record.key: _facts(record, parents) for record in ready}, known | taken_over)
        remember_ids(self._system, Entity.COMPANY, {key: company.pk for key, company in taken_over.items()})
        written.deferred = [_orphan(record) for record in records if _parent(record) not in {"", *parents}]
        return written

    def _save(self, facts: Mapping[str, dict[str, Any]], stored: Mapping[str, Company]) -> Written:
        changed = [key for key in stored if set_given(stored[key], facts[key])]
        new = [key for key in facts if key not in stored]
        saved = save_companies([CompanyFacts(**facts[key]) for key in new], by=None)
        save_companies([CompanyFacts(id=stored[key].pk, **facts[key]) for key in changed], by=None)
        remember_ids(
            self._system, Entity.COMPANY, {key: company.pk for key, company in zip(new, saved, strict=True)}
        )
        touched = Lead.objects.filter(company__in=stored.values())
        return Written(
            len(new),
            len(changed),
            len(stored) - len(changed),
            lead_ids=set(touched.values_list("pk", flat=True)),
        )

    def _namesakes(self, records: Sequence[Record]) -> dict[str, Company]:
        """Companies without an id of the system, by the key of a record of the same domain or name."""
        named = ExternalId.objects.filter(
            system=self._system, entity=Entity.COMPANY, object_id=OuterRef("pk")
        )
        free = find_companies([record.values for record in records], ~Exists(named))
        found: dict[int, str] = {}
        for record, company in zip(records, free, strict=True):
            if company:
                found.setdefault(company.pk, record.key)
        companies = {company.pk: company for company in free if company}
        return {key: companies[pk] for pk, key in found.items()}


def find_companies(
    rows: Sequence[Mapping[str, Any]], among: Combinable | Q | None = None
) -> list[Company | None]:
    """For each row with a name or domain the oldest company of the same domain, else of the same name."""
    domains = {row["domain"] for row in rows if row.get("domain")}
    names = {row["name"] for row in rows if row.get("name")}
    same = Q(domain__in=domains) | Q(name__in=names) | Q(upper_name__in=[name.upper() for name in names])
    companies = Company.objects.annotate(upper_name=Upper("name")).filter(same).order_by("-pk")
    companies = companies.filter(among) if among is not None else companies
    by_domain = {company.domain: company for company in companies if company.domain}
    by_name = {company.name.upper(): company for company in companies}
    return [
        by_domain.get(row.get("domain", "")) or _namesake(row, by_name.get(row.get("name", "").upper()))
        for row in rows
    ]


def _namesake(row: Mapping[str, Any], company: Company | None) -> Company | None:
    """The company of the same name, unless both have a domain: then they are two."""
    return None if company and company.domain and row.get("domain") else company


def _parent(record: Record) -> str:
    return record.text("parent")


def _orphan(record: Record) -> tuple[Record, str]:
    return record, f"there is no company “{_parent(record)}” that could be its parent"


def _facts(record: Record, parents: Mapping[str, int]) -> dict[str, Any]:
    facts: dict[str, Any] = {name: record.values[name] for name in COMPANY_FIELDS if name in record.values}
    if parent := _parent(record):
        facts["parent_id"] = parents[parent]
    return {**facts, "attributes": record.part("custom")}
