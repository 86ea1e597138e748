"""`manage.py import_leads FILE --mapping MAPPING.toml`."""

from pipeline.imports.command import LeadCommand
from pipeline.imports.fields import LEADS


class Command(LeadCommand):
    help = "Import leads, with their outcome if it is known, from a CSV or XLSX file."
    spec = LEADS
