"""`manage.py import_companies FILE --mapping MAPPING.toml`."""

from collections.abc import Sequence

from leads.imports.companies import CompanyLoader
from leads.imports.fields import COMPANIES
from leads.imports.mapping import DataMapping
from leads.imports.mapping_file import MappingFile
from leads.models import CustomField
from pipeline.imports.command import SettlingCommand


class Command(SettlingCommand):
    help = "Import companies with their parents from a CSV or XLSX file."
    spec = COMPANIES

    def loader(
        self, document: MappingFile, mapping: DataMapping, custom_fields: Sequence[CustomField]
    ) -> CompanyLoader:
        return CompanyLoader(mapping.system, custom_fields)
