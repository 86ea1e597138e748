"""`manage.py import_users FILE --mapping MAPPING.toml`."""

from collections.abc import Sequence

from leads.imports.command import ImportCommand
from leads.imports.fields import USERS
from leads.imports.mapping import DataMapping
from leads.imports.mapping_file import MappingFile
from leads.imports.users import UserLoader
from leads.models import CustomField


class Command(ImportCommand):
    help = "Import users, their teams and their managers from a CSV or XLSX file; nobody gets a password."
    spec = USERS

    def loader(
        self, document: MappingFile, mapping: DataMapping, custom_fields: Sequence[CustomField]
    ) -> UserLoader:
        return UserLoader(mapping.system)
