"""Rows of a file, read by a mapping, into records of typed values."""

from datetime import date
from decimal import Decimal

import pytest

from config.faults import Fault
from leads.imports.fields import COMPANIES, USERS
from leads.imports.mapping_file import MappingFile
from leads.imports.reader import Row, open_table
from leads.imports.records import BadRow, RecordReader
from leads.organisation import today

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(tmp_path):
    """A reader of company records and its table, for lines of columns and rows of cells."""

    def make(columns, content, *, head="", options="", spec=COMPANIES, id='"Name"'):  # noqa: A002
        mapping_path, file_path = tmp_path / "mapping.toml", tmp_path / "file.csv"
        mapping_path.write_text(
            f'system = "crm"\n{head}\n[{spec.name}]\nid = {id}\n{options}\n[{spec.name}.columns]\n{columns}',
            encoding="utf-8",
        )
        file_path.write_text(content, encoding="utf-8")
        document = MappingFile(mapping_path, spec)
        mapping = document.read()
        document.close()
        table = open_table(file_path, mapping.file)
        faults: list[Fault] = []
        return RecordReader(mapping, table.columns, faults), list(table.rows()), faults

    return make


@pytest.fixture
def values(reader):
    def read_values(columns, content, **options):
        record_reader, rows, faults = reader(columns, content, **options)
        assert faults == []
        return [dict(record_reader.read(row).values) for row in rows]

    return read_values


@pytest.fixture
def reason(reader):
    def read_reason(columns, content, **options):
        record_reader, rows, faults = reader(columns, content, **options)
        assert faults == []
        with pytest.raises(BadRow) as bad:
            record_reader.read(rows[0])
        return str(bad.value)

    return read_reason


def test_cells_become_typed_values_and_empty_ones_none_at_all(values):
    assert values('Name = "name"\nStaff = "employees"\n', "Name,Staff\nAcme,12\nBetatech,\n") == [
        {"name": "Acme", "employees": 12},
        {"name": "Betatech"},
    ]


def test_values_are_mapped_by_their_text(values):
    columns = 'Name = "name"\nSector = { to = "industry", values = { technolgy = "technology", "?" = "" } }\n'

    assert values(columns, "Name,Sector\nA,technolgy\nB,?\nC,retail\n") == [
        {"name": "A", "industry": "technology"},
        {"name": "B"},
        {"name": "C", "industry": "retail"},
    ]


def test_numbers_are_multiplied(values):
    columns = 'Name = "name"\nRevenue = { to = "annual_revenue", times = 1_000_000 }\n'

    assert values(columns, "Name,Revenue\nA,1100.04\n") == [
        {"name": "A", "annual_revenue": Decimal("1100040000.00")}
    ]


def test_words_that_mean_nothing_leave_the_field_out(values):
    assert values(
        'Name = "name"\nCity = "city"\n', "Name,City\nA,select\n", head='[file]\nempty = ["Select"]'
    ) == [{"name": "A"}]


def test_the_first_of_several_values_in_a_cell_is_taken(values):
    columns = 'Name = "name"\nCities = { to = "city", first_of = ":::" }\n'

    assert values(columns, "Name,Cities\nA,Leeds ::: Oslo\nB,Kyiv\n") == [
        {"name": "A", "city": "Leeds"},
        {"name": "B", "city": "Kyiv"},
    ]


def test_one_column_can_fill_several_fields(values):
    assert values('Name = ["name", "custom"]\n', "Name\nA\n") == [{"name": "A", "custom.name": "A"}]


def test_custom_values_have_the_json_type_of_their_field(values):
    columns = (
        'Name = "name"\nSize = { to = "custom", type = "number" }\n'
        'Big = { to = "custom", type = "boolean" }\n'
        'Since = { to = "custom", type = "date", dates = "%d/%m/%Y" }\nIds = "custom"\n'
    )

    (found,) = values(columns, "Name,Size,Big,Since,Ids\nA,2.50,Yes,31/12/2024,7001;7002\n")

    assert found == {
        "name": "A",
        "custom.size": 2.5,
        "custom.big": True,
        "custom.since": date(2024, 12, 31).isoformat(),
        "custom.ids": "7001;7002",
    }


def test_a_record_knows_its_id_and_the_parts_of_its_values(reader):
    record_reader, rows, _ = reader('Name = "name"\nTier = "custom"\n', "Name,Tier\n Acme ,gold\n")

    record = record_reader.read(rows[0])

    assert record.key == "Acme"
    assert record.part("custom") == {"tier": "gold"}
    assert record.text("industry") == ""


def test_an_id_can_be_made_of_several_columns(reader):
    columns = 'First = "first_name"\nLast = "last_name"\n'
    record_reader, rows, _ = reader(
        columns, "First,Last\nAna,Quiroga\nCher,\n", id='["First", "Last"]', spec=USERS
    )

    assert [record_reader.read(row).key for row in rows] == ["Ana / Quiroga", "Cher"]


def test_every_reason_against_a_row_is_given_with_its_column(reason):
    columns = 'Name = "name"\nStaff = "employees"\nFounded = "founded"\n'

    assert reason(columns, "Name,Staff,Founded\n,many,3024\n") == (
        "Staff: “many” is no number such as 1234.50; "
        f"Founded: “3024” is no year from 1000 to {today().year}; "
        "Name: there is no id; there is no name"
    )


def test_negative_and_absurd_values_are_reasons_against_a_row(reason):
    columns = 'Name = "name"\nStaff = "employees"\nRevenue = "annual_revenue"\n'

    assert reason(columns, "Name,Staff,Revenue\nA,-3,9999999999999999\n") == (
        "Staff: -3 is below 0; Revenue: 9999999999999999 is above 100,000,000,000,000"
    )


def test_too_long_an_id_is_a_reason_against_a_row(reason):
    assert "Name: is longer than 200 characters" in reason('Name = "name"\n', f"Name\n{'x' * 201}\n")


def test_a_row_that_cannot_be_told_apart_is_refused_with_its_fault(reason):
    assert reason('Name = "name"\nCity = "city"\n', "Name,City\nA\n") == "has 1 cells where the header has 2"


def test_a_column_of_the_mapping_that_the_file_lacks_is_a_fault(reader):
    _, _, faults = reader('Name = "name"\nIndustri = "industry"\nX = "city"\n', "Name,Industry\nA,retail\n")

    messages = {fault.path: fault.message for fault in faults}
    assert messages["companies.columns.Industri"] == (
        "the file has no column “Industri”; did you mean “Industry”?"
    )
    assert messages["companies.columns.X"] == "the file has no column “X”."


def test_a_column_of_the_file_that_the_mapping_does_not_know_is_a_fault(reader):
    _, _, (fault,) = reader('Name = "name"\n', "Name,Industry,,City\nA,retail,,Oslo\n")

    assert fault.path == "companies.columns"
    assert "“Industry”, one without a name, “City”. Give each a field, list it under ignore" in fault.message


def test_unknown_columns_can_be_ignored_all_or_by_name(reader):
    for options in ('other_columns = "ignore"', 'ignore = ["industry"]'):
        _, _, faults = reader('Name = "name"\n', "Name,Industry\nA,retail\n", options=options)
        assert faults == []


def test_unknown_columns_can_become_custom_fields(values):
    found = values('Name = "name"\n', "Name,Lead Type\nA,x\n", options='other_columns = "custom"')

    assert found == [{"name": "A", "custom.lead_type": "x"}]


def test_a_column_twice_in_the_file_is_a_fault_when_it_is_mapped(reader):
    _, _, (fault,) = reader('Name = "name"\nCity = "city"\n', "Name,City,City\nA,Oslo,Rome\n")

    assert fault == Fault("companies.columns.City", "the file has 2 columns “City”.")


def test_columns_are_found_without_regard_to_case_unless_both_spellings_are_there(values):
    assert values('Name = "name"\nCITY = "city"\n', "NAME,city\nA,Oslo\n") == [{"name": "A", "city": "Oslo"}]
    assert values('Name = "name"\nCity = "city"\nCITY = "industry"\n', "Name,City,CITY\nA,Oslo,retail\n") == [
        {"name": "A", "city": "Oslo", "industry": "retail"}
    ]


def test_columns_of_a_file_of_rejected_rows_are_known(reader):
    _, rows, faults = reader('Name = "name"\n', "Name,Rejected line,Rejected because\nA,3,there is no name\n")

    assert faults == []
    assert isinstance(rows[0], Row)
