"""Imports leads with their deals."""

from collections.abc import Iterable, Sequence

from django.utils import timezone

from leads.imports.custom_fields import create_missing
from leads.imports.external_ids import known_ids
from leads.imports.loading import Written
from leads.imports.records import BadRow, Record
from leads.models import CustomField, ExternalId, Lead
from leads.models.leads import Entity
from pipeline.imports.adding import add_rows
from pipeline.imports.definition import DealOptions, create_pipeline
from pipeline.imports.lookups import Lookups
from pipeline.imports.people import attach_companies, attach_contacts
from pipeline.imports.rows import LeadRow, ready_row
from pipeline.imports.updating import update_rows


class LeadLoader:
    """Rows become leads, found again by the id that the system gives them."""

    def __init__(self, system: str, options: DealOptions, custom_fields: Sequence[CustomField]) -> None:
        self._system = system
        self._options = options
        self._custom_fields = custom_fields
        self._started_at = timezone.now()
        self.created: list[str] = []

    def prepare(self) -> None:
        if self._options.pipeline:
            self.created += create_pipeline(self._options.pipeline)
        self.created += create_missing(self._custom_fields)

    def write(self, records: Sequence[Record]) -> Written:
        written = Written()
        rows = self._ready(records, written)
        leads = self._stored(rows)
        changed = attach_companies(rows) | attach_contacts(rows, leads)
        new = [row for row in rows if row.index not in leads]
        added = add_rows(new, system=self._system, at=self._started_at)
        pairs = [(row, leads[row.index]) for row in rows if row.index in leads]
        updated = update_rows(pairs, system=self._system, at=self._started_at)
        updated |= {lead.pk for row, lead in pairs if row.index in changed}
        written.added, written.updated, written.unchanged = (
            len(added),
            len(updated),
            len(pairs) - len(updated),
        )
        # Unchanged ones too: an earlier run may have been killed before it scored them.
        written.lead_ids = added | {lead.pk for _, lead in pairs}
        return written

    def _ready(self, records: Sequence[Record], written: Written) -> list[LeadRow]:
        lookups = Lookups(self._system, records, self._options)
        rows = []
        for index, record in enumerate(records):
            try:
                rows.append(ready_row(index, record, lookups, self._options))
            except BadRow as bad:
                written.rejected.append((record, str(bad)))
        return rows

    def _stored(self, rows: Iterable[LeadRow]) -> dict[int, Lead]:
        """Leads that are here, by the place of their row; the names of those deleted since are free again."""
        ids = known_ids(self._system, Entity.LEAD, (row.record.key for row in rows))
        leads = (
            Lead.objects.select_related("deal__stage")
            .prefetch_related("people__contact")
            .in_bulk(ids.values())
        )
        gone = [pk for pk in ids.values() if pk not in leads]
        ExternalId.objects.filter(system=self._system, entity=Entity.LEAD, object_id__in=gone).delete()
        return {row.index: leads[pk] for row in rows if (pk := ids.get(row.record.key)) in leads}
