"""What the commands share whose imports move scores and confidences."""

from collections.abc import Collection, Sequence

from django.db import connection

from leads.imports.command import ImportCommand
from leads.imports.mapping import DataMapping
from leads.imports.mapping_file import MappingFile
from leads.models import Company, Contact, CustomField, Lead, LeadContact, StatusChange
from pipeline.actions import drain_confidence, drain_routing
from pipeline.imports.definition import read_options
from pipeline.imports.leads import LeadLoader
from pipeline.models import Deal, StageChange
from scoring.models import LeadScore, PendingScore
from scoring.pending import drain_scores

MANY = 1_000  # rows that change what the planner should know
FILLED = (Company, Contact, Lead, LeadContact, StatusChange, LeadScore, PendingScore, Deal, StageChange)


def refresh_statistics() -> None:
    """Tell the planner of the rows just loaded; it would still take the tables for as small as before."""
    tables = ", ".join(f'"{model._meta.db_table}"' for model in FILLED)  # noqa: SLF001
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {tables}")


class SettlingCommand(ImportCommand):
    """Ends only when the leads it touched have their scores, owners and confidences."""

    def settle(self, lead_ids: Collection[int]) -> str:
        if len(lead_ids) >= MANY:
            refresh_statistics()
        drain_scores(lead_ids)
        drain_routing(lead_ids)
        drain_confidence(lead_ids)
        return f"scores and confidences of {len(lead_ids):,} leads are up to date" if lead_ids else ""


class LeadCommand(SettlingCommand):
    """An import of leads with their deals; `spec` says which section of the mapping is meant."""

    def loader(
        self, document: MappingFile, mapping: DataMapping, custom_fields: Sequence[CustomField]
    ) -> LeadLoader:
        return LeadLoader(mapping.system, read_options(document), custom_fields)
