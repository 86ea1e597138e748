"""Exports of other CRMs, with the headers that those products write: all read into sensible rows."""

from datetime import date
from decimal import Decimal

import pytest

from leads.imports.mapping_file import MappingFile
from leads.imports.reader import FileStyle, open_table
from leads.imports.records import BadRow, RecordReader
from pipeline.imports.fields import DEALS, LEADS
from tests.imports import REAL_DATA, needs_real_data

FOLDER = REAL_DATA / "crm-export-headers"
FILES = sorted(FOLDER.glob("*.csv")) if FOLDER.is_dir() else []

pytestmark = [pytest.mark.django_db, pytest.mark.real_data, needs_real_data]


@pytest.fixture
def read(tmp_path):
    """What stands in the rows of an export, by a mapping; of a bad row the reasons."""

    def read_rows(name, columns="", *, key, style="", others="ignore", spec=LEADS):
        path = tmp_path / "mapping.toml"
        path.write_text(
            f'system = "export"\n[file]\n{style}\n[{spec.name}]\nid = {key}\nother_columns = "{others}"\n'
            f"[{spec.name}.columns]\n{columns}",
            encoding="utf-8",
        )
        document = MappingFile(path, spec)
        mapping = document.read()
        table = open_table(FOLDER / name, mapping.file)
        reader = RecordReader(mapping, table.columns, document.faults)
        document.close()
        return [_row(reader, row) for row in table.rows()]

    return read_rows


def _row(reader, row):
    try:
        record = reader.read(row)
    except BadRow as bad:
        return str(bad)
    return {"id": record.key, **record.values}


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_every_export_can_be_read_whole_into_custom_fields(read, path):
    table = open_table(path, FileStyle())
    key = "[" + ", ".join(f'"{name}"' for name in table.columns[:8]) + "]"

    rows = read(path.name, key=key, others="custom")

    assert len(rows) == table.total
    assert all(isinstance(row, dict) for row in rows)


def test_hubspot_s_contacts_have_a_byte_order_mark_several_ids_and_capital_letters(read):
    ana, bjorn, nameless, again = read(
        "hubspot_contacts_export.csv",
        """
        "First Name" = "contact.first_name"
        "Last Name" = "contact.last_name"
        "Email" = "contact.email"
        "Phone Number" = "contact.phone"
        "Create Date" = "created_at"
        "Lead Status" = { to = "status", values = { NEW = "new", OPEN_DEAL = "working" } }
        "Associated Deal IDs" = "custom"
        """,
        key='"Record ID"',
        style='phone_region = "US"',
    )

    assert (ana["id"], ana["custom.associated_deal_ids"], ana["status"]) == ("101", "7001;7002", "working")
    assert ana["created_at"].isoformat() == "2024-01-15T10:00:00+00:00"
    assert (bjorn["contact.first_name"], bjorn["contact.email"]) == ("Bjørn", "bjorn@example.com")
    assert nameless["contact.phone"] == "+12025550103"
    assert "contact.email" not in nameless
    assert again["contact.email"] == ana["contact.email"]


def test_hubspot_s_companies_and_deals(read):
    deals = read(
        "hubspot_deals_export.csv",
        """
        "Amount" = "value"
        "Deal Stage" = "stage"
        "Close Date" = ["closed_on", "expected_close_on"]
        "Deal owner" = { to = "owner", values = { "Deactivated User" = "" } }
        """,
        key='"Record ID"',
        spec=DEALS,
    )

    assert [(deal["value"], deal["closed_on"]) for deal in deals] == [
        (Decimal(15000), date(2024, 12, 1)),
        (Decimal("2500.50"), date(2024, 6, 30)),
    ]
    assert (deals[0]["owner"], deals[1].get("owner")) == ("Sam Seller", None)


def test_semicolons_decimal_commas_and_names_with_a_star(read):
    (row,) = read(
        "pipedrive_import_combined_semicolon.csv",
        """
        "Deal - Value" = "value"
        "Deal - Currency" = "currency"
        "Organization - Name*" = "company.name"
        """,
        key='"Deal - Title*"',
        style='decimal = ","\nthousands = "."',
    )

    assert row == {
        "id": "Northbank deal",
        "value": Decimal("15000.50"),
        "currency": "EUR",
        "company.name": "Northbank, Inc.",
    }


def test_a_line_break_in_a_quoted_cell(read):
    (row,) = read(
        "pipedrive_import_combined.csv",
        """
        "Note - Content" = "custom"
        "Person - Name" = "contact.name"
        """,
        key='"Deal - Title"',
    )

    assert row["custom.note_content"] == 'Met at the fair.\nWants a quote; "urgent".'


def test_pipedrive_s_deals_are_open_or_lost(read):
    first, second = read(
        "pipedrive_deals_export.csv",
        """
        "Deal - Status" = { to = "outcome", values = { Open = "open", Won = "won", Lost = "lost" } }
        "Deal - Value" = "value"
        "Deal - Deal created" = "created_at"
        "Deal - Lost time" = "closed_on"
        "Deal - Lost reason" = { to = "reason", values = { "Price too high" = "price" } }
        """,
        key='"Deal - ID"',
        spec=DEALS,
    )

    assert (first["outcome"], first["value"]) == ("open", Decimal(15000))
    assert (second["outcome"], second["closed_on"], second["reason"]) == ("lost", date(2024, 3, 2), "price")


@pytest.mark.parametrize("name", ["salesforce_leads_dataloader.csv", "salesforce_leads_dataloader_UPPER.csv"])
def test_salesforce_s_data_loader_in_either_case(read, name):
    ana, john = read(
        name,
        """
        "FirstName" = "contact.first_name"
        "Street" = "custom"
        "CreatedDate" = "created_at"
        "IsConverted" = { to = "outcome", values = { true = "won", false = "open" } }
        "ConvertedDate" = "closed_on"
        "AnnualRevenue" = "company.annual_revenue"
        "Company" = "company.name"
        """,
        key='"Id"',
    )

    assert ana["custom.street"] == "1 High Street\nFloor 2"
    assert ana["company.annual_revenue"] == Decimal(1200000)
    assert (ana["outcome"], john["outcome"], john["closed_on"]) == ("open", "won", date(2024, 3, 1))


def test_a_report_without_ids_is_known_by_several_columns(read):
    (row,) = read(
        "salesforce_lead_report_export.csv",
        '"Title" = "contact.job_title"',
        key='["First Name", "Last Name", "Company / Account"]',
    )

    assert row == {"id": "Ana / Quiroga / Northbank, Inc.", "contact.job_title": "Head of Buying"}


def test_google_writes_several_numbers_into_one_cell(read):
    (row,) = read(
        "google_contacts_export.csv",
        '"Phone 1 - Value" = { to = "contact.phone", first_of = ":::" }',
        key='"E-mail 1 - Value"',
    )

    assert row["contact.phone"] == "+12025550101"


def test_the_word_null_means_nothing(tmp_path, read):
    (row,) = read(
        "nutshell_companies_import.csv",
        '"City" = "company.city"\n"Company name" = "company.name"\n"Country Code" = "company.country"',
        key='"Legacy ID"',
        style='empty = ["NULL", "Leeds"]',
    )

    assert row == {"id": "001000000000001AAA", "company.name": "Northbank, Inc.", "company.country": "GB"}
