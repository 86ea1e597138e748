"""Mapping files: what they say, and every fault with its place, all at once."""

from decimal import Decimal

import pytest

from leads.imports.custom import custom_key
from leads.imports.faults import ImportRefused
from leads.imports.fields import COMPANIES, PRODUCTS, USERS
from leads.imports.mapping_file import MappingFile
from leads.organisation import today

pytestmark = pytest.mark.django_db

HEAD = 'system = "crm"\n[companies]\nid = "Name"\n[companies.columns]\nName = "name"\n'


@pytest.fixture
def read(tmp_path):
    def read_mapping(text, spec=COMPANIES):
        path = tmp_path / "mapping.toml"
        path.write_text(text, encoding="utf-8")
        document = MappingFile(path, spec)
        mapping = document.read()
        document.close()
        return mapping

    return read_mapping


@pytest.fixture
def faults(read):
    def read_faults(text, spec=COMPANIES):
        with pytest.raises(ImportRefused) as error:
            read(text, spec)
        return {fault.path: fault.message for fault in error.value.faults}

    return read_faults


def targets(mapping):
    return {column.column: [target.path for target in column.targets] for column in mapping.columns}


def test_columns_go_to_fields_in_short_and_long_form(read):
    mapping = read(
        HEAD
        + 'Sector = { to = "industry", values = { technolgy = "technology" } }\n'
        + 'Revenue = { to = "annual_revenue", times = 1_000_000 }\n'
        + 'Site = ["domain", "custom"]\n'
    )

    assert (mapping.system, mapping.id_columns) == ("crm", ("Name",))
    assert targets(mapping) == {
        "Name": ["name"],
        "Sector": ["industry"],
        "Revenue": ["annual_revenue"],
        "Site": ["domain", "custom.site"],
    }
    assert mapping.columns[1].values == {"technolgy": "technology"}
    assert mapping.columns[2].times == Decimal(1_000_000)


def test_the_style_of_the_file_is_declared(read):
    mapping = read(
        HEAD
        + """
        [file]
        decimal = ","
        thousands = "."
        delimiter = "tab"
        dates = ["%d.%m.%Y", "iso"]
        empty = ["NULL"]
        encoding = "windows-1252"
        sheet = "Leads"
        """
    )

    assert (mapping.file.delimiter, mapping.file.encoding, mapping.file.sheet) == (
        "\t",
        "windows-1252",
        "Leads",
    )
    assert (mapping.style.decimal, mapping.style.thousands) == (",", ".")
    assert mapping.style.dates == ("%d.%m.%Y", "iso")
    assert mapping.style.is_empty("null")


def test_a_custom_field_has_the_key_label_and_type_that_are_declared(read):
    mapping = read(
        HEAD
        + 'Founder = "custom"\n'
        + '"Zip / Postal code" = { to = "custom", label = "Postcode", key = "postcode" }\n'
        + 'Visits = { to = "custom.visit_count", type = "number" }\n'
    )

    fields = [target.custom for column in mapping.columns for target in column.targets if target.custom]
    assert [(field.entity, field.key, field.label, field.type) for field in fields] == [
        ("company", "founder", "Founder", "text"),
        ("company", "postcode", "Postcode", "text"),
        ("company", "visit_count", "Visits", "number"),
    ]


@pytest.mark.parametrize(
    ("column", "key"),
    [
        ("Lead Origin", "lead_origin"),
        ("TotalVisits", "totalvisits"),
        ("E-mail 1 - Value", "e_mail_1_value"),
        ("Größe (m²)", "groe_m2"),
        ("3rd party", "n3rd_party"),
        ("会社", ""),
        ("x" * 90, "x" * 80),
    ],
)
def test_the_key_of_a_column(column, key):
    assert custom_key(column) == key


def test_constants_are_converted_like_cells(read):
    mapping = read(
        'system = "crm"\n[products]\nid = "Name"\n[products.columns]\nName = "name"\n'
        '[products.constants]\nproduct_line = "Pumps"\nlist_price = 12.5\ncurrency = "usd"\n',
        PRODUCTS,
    )

    assert mapping.constants == {"product_line": "Pumps", "list_price": Decimal("12.50"), "currency": "USD"}


def test_sections_of_other_commands_are_left_to_them(read):
    assert read(HEAD + '[deals]\nid = "whatever"\n[pipeline]\nkey = "x"\n').system == "crm"


def test_a_mapping_that_is_no_toml_is_refused_with_the_line(faults, tmp_path):
    assert "at line 1" in faults("system == 3\n")[str(tmp_path / "mapping.toml")]


def test_a_column_twice_is_refused(faults, tmp_path):
    message = faults(HEAD + 'Name = "domain"\n')[str(tmp_path / "mapping.toml")]

    assert "at line 6" in message
    assert "write a list" in message


def test_a_missing_section_is_refused(faults, tmp_path):
    assert faults(HEAD, USERS) == {str(tmp_path / "mapping.toml"): "has no section [users]."}


def test_a_missing_mapping_is_refused(tmp_path):
    with pytest.raises(ImportRefused, match="No such file"):
        MappingFile(tmp_path / "nowhere.toml", COMPANIES)


def test_two_columns_for_one_field_are_refused(faults):
    assert faults(HEAD + 'Company = "name"\n') == {
        "companies.columns.Company": (
            "goes to name, and so does companies.columns.Name; a field is given once."
        )
    }


def test_a_column_and_a_constant_for_one_field_are_refused(faults):
    found = faults(HEAD + '[companies.constants]\nname = "Acme"\n')

    assert "and so does companies.constants.name" in found["companies.columns.Name"]


def test_two_columns_for_one_custom_field_are_refused(faults):
    found = faults(HEAD + '"Lead Type" = "custom"\n"lead-type" = "custom"\n')

    assert "goes to custom.lead_type" in found["companies.columns.lead-type"]


def test_every_fault_is_named_with_its_place_at_once(faults):
    found = faults(
        """
        colour = "blue"
        [file]
        decimal = ";"
        dates = "%q"
        encoding = "klingon"
        delimeter = ","
        [companies]
        other_columns = "keep"
        [companies.columns]
        A = "industri"
        B = { to = "employees", times = 0 }
        C = { to = "city", values = { x = 1 } }
        D = { to = "custom", type = "money" }
        E = 7
        "会社" = "custom"
        [companies.constants]
        founded = 3024
        nonsense = "x"
        """
    )

    assert found == {
        "colour": "is not known here.",
        "file.decimal": "must be one of '.' ','.",
        "file.dates": "has “%q”, which is neither iso nor a pattern such as %d.%m.%Y.",
        "file.encoding": "is “klingon”, which is no encoding such as utf-8 or windows-1252.",
        "file.delimeter": "is not known here; did you mean delimiter?",
        "system": "must name where the ids come from, in at most 100 characters.",
        "companies.id": "must name the column (or columns) by which a row is known again.",
        "companies.other_columns": "is “keep”; it must be one of refuse, ignore, custom.",
        "companies.columns": "give no name, which companies need.",
        "companies.columns.A": "goes to “industri”, which is no field of companies; did you mean industry?",
        "companies.columns.B.times": "must be a number above 0.",
        "companies.columns.C.values.x": "must be a text in quotes; an empty one leaves the field out.",
        "companies.columns.D.type": "is “money”; it must be one of text, number, date, boolean.",
        "companies.columns.E.to": "must be a text or a list of texts.",
        "companies.columns.E": "names no field to go to.",
        'companies.columns."会社".key': (
            "must be given: small letters, digits and underscores, beginning with a letter."
        ),
        "companies.constants.founded": f"“3024” is no year from 1000 to {today().year}.",
        "companies.constants.nonsense": "is no field of companies.",
    }
