"""`manage.py import_deals FILE --mapping MAPPING.toml`."""

from pipeline.imports.command import LeadCommand
from pipeline.imports.fields import DEALS


class Command(LeadCommand):
    help = "Import deals with stage, outcome and dates from a CSV or XLSX file; each becomes a lead."
    spec = DEALS
