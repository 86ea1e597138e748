"""`manage.py import_products FILE --mapping MAPPING.toml`."""

from collections.abc import Sequence

from leads.imports.command import ImportCommand
from leads.imports.fields import PRODUCTS
from leads.imports.mapping import DataMapping
from leads.imports.mapping_file import MappingFile
from leads.imports.products import ProductLoader
from leads.models import CustomField


class Command(ImportCommand):
    help = "Import products with their list prices from a CSV or XLSX file."
    spec = PRODUCTS

    def loader(
        self, document: MappingFile, mapping: DataMapping, custom_fields: Sequence[CustomField]
    ) -> ProductLoader:
        return ProductLoader(mapping.system)
