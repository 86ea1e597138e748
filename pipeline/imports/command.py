"""What the commands share whose imports move scores and confidences."""

from collections.abc import Collection, Sequence

from leads.imports.command import ImportCommand
from leads.imports.mapping import DataMapping
from leads.imports.mapping_file import MappingFile
from leads.models import CustomField
from pipeline.actions import drain_confidence, drain_routing
from pipeline.imports.definition import read_options
from pipeline.imports.leads import LeadLoader
from scoring.pending import drain_scores


class SettlingCommand(ImportCommand):
    """Ends only when the leads it touched have their scores, owners and confidences."""

    def settle(self, lead_ids: Collection[int]) -> str:
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
