"""Tables in files: what is found out, what is refused, and what a broken row costs."""

import csv
from datetime import datetime

import pytest
from openpyxl import Workbook

from leads.imports.faults import ImportRefused
from leads.imports.reader import FileStyle, Row, open_table


@pytest.fixture
def table(tmp_path):
    def write(content, *, name="file.csv", style=None):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return open_table(path, style or FileStyle())

    return write


@pytest.fixture
def workbook(tmp_path):
    def write(*rows, sheet="Sheet", style=None):
        book = Workbook()
        book.active.title = sheet
        for row in rows:
            book.active.append(row)
        book.save(tmp_path / "book.xlsx")
        return open_table(tmp_path / "book.xlsx", style or FileStyle())

    return write


def cells(opened):
    return [list(row.cells) for row in opened.rows()]


def sentence(error):
    return str(error.value)


def test_a_table_has_columns_rows_and_their_lines(table):
    opened = table("Name,City\nAcme,Leeds\n\nBetatech,Oslo\n")

    assert opened.columns == ["Name", "City"]
    assert opened.total == 2
    assert list(opened.rows()) == [Row(2, ["Acme", "Leeds"]), Row(4, ["Betatech", "Oslo"])]


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
def test_the_delimiter_is_found_out(table, sign):
    assert table(f"Name{sign}City\nAcme{sign}Leeds\n").columns == ["Name", "City"]


def test_a_declared_delimiter_beats_the_one_found_out(table):
    assert table("a,b,c;d\n1,2,3;4\n", style=FileStyle(delimiter=";")).columns == ["a,b,c", "d"]


def test_one_column_needs_no_delimiter(table):
    assert cells(table("Name\nAcme\n")) == [["Acme"]]


def test_a_byte_order_mark_is_no_part_of_the_first_name(table):
    assert table(b"\xef\xbb\xbfName,City\r\nAcme,Leeds\r\n").columns == ["Name", "City"]


def test_utf_16_is_known_by_its_mark(table):
    assert cells(table("Näme\tCity\nÅsa\tOslo\n".encode("utf-16"))) == [["Åsa", "Oslo"]]


def test_a_declared_encoding_is_used(table):
    opened = table("Name\nBjørn\n".encode("windows-1252"), style=FileStyle(encoding="windows-1252"))

    assert cells(opened) == [["Bjørn"]]


def test_line_breaks_and_quotes_stand_in_quoted_cells(table):
    opened = table('Name,Note\r\nAna,"Met at the fair.\nWants a ""quote""."\r\nBob,\r\n')

    assert list(opened.rows()) == [
        Row(2, ["Ana", 'Met at the fair.\nWants a "quote".']),
        Row(4, ["Bob", ""]),
    ]


def test_a_last_column_without_name_and_values_is_left_out(table):
    opened = table("Name,City,\r\nAcme,Leeds,\r\n")

    assert opened.columns == ["Name", "City"]
    assert cells(opened) == [["Acme", "Leeds"]]


def test_a_value_beyond_the_last_column_is_a_fault_of_its_row(table):
    broken, sound = table("Name,City,\nAcme,Leeds,lost\nBetatech,Oslo,\n").rows()

    assert broken.fault == "has 3 cells where the header has 2"
    assert not sound.fault


def test_too_few_cells_are_a_fault_of_their_row(table):
    (row,) = table("Name,City\nAcme\n").rows()

    assert row.fault == "has 1 cells where the header has 2"


def test_a_stray_quote_costs_its_own_line_only(table):
    rows = list(table('a,b\n1,"x\n2,y\n3,"z, q"\n4,w\n').rows())

    assert [row.line for row in rows] == [2, 3, 4, 5]
    assert "quotes do not match" in rows[0].fault
    assert [list(row.cells) for row in rows[1:]] == [["2", "y"], ["3", "z, q"], ["4", "w"]]


def test_a_quote_that_never_closes_costs_its_own_line_only(table):
    first, second, third = table('a,b\n1,x\n2,"y\n3,z\n').rows()

    assert (first.fault, list(third.cells)) == ("", ["3", "z"])
    assert second.fault


def test_rows_can_be_read_again(table):
    opened = table("Name\nAcme\n")

    assert cells(opened) == cells(opened)


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xef\xbb\xbf"])
def test_an_empty_file_is_refused(table, content):
    with pytest.raises(ImportRefused, match=r"file\.csv: is empty\."):
        table(content)


def test_a_header_alone_is_refused(table):
    with pytest.raises(ImportRefused, match="has a header and no rows"):
        table("Name,City\n")


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(ImportRefused, match="No such file"):
        open_table(tmp_path / "nowhere.csv", FileStyle())


def test_a_wrong_encoding_is_refused_with_its_line_and_what_to_do(table):
    with pytest.raises(ImportRefused) as error:
        table("Name\nAcme\nBjørn\n".encode("windows-1252"))

    assert "not written in UTF-8: line 3 cannot be read" in sentence(error)
    assert 'encoding = "windows-1252"' in sentence(error)


def test_a_workbook_gives_numbers_and_days_as_they_are(workbook):
    opened = workbook(["Name", "Value", "Day"], ["Acme", 1054.5, datetime.fromisoformat("2017-03-01")])

    assert opened.columns == ["Name", "Value", "Day"]
    assert cells(opened) == [["Acme", 1054.5, datetime.fromisoformat("2017-03-01")]]


def test_short_rows_of_a_workbook_are_filled_and_blank_ones_skipped(workbook):
    opened = workbook(["Name", "City"], ["Acme"], [None, None], ["Betatech", "Oslo"])

    assert list(opened.rows()) == [Row(2, ["Acme", ""]), Row(4, ["Betatech", "Oslo"])]


def test_a_sheet_is_chosen_by_name(workbook):
    assert workbook(["Name"], ["Acme"], sheet="Leads", style=FileStyle(sheet="Leads")).total == 1
    with pytest.raises(ImportRefused, match="no sheet “Deals”, only Leads"):
        workbook(["Name"], ["Acme"], sheet="Leads", style=FileStyle(sheet="Deals"))


def test_an_empty_workbook_is_refused(workbook):
    with pytest.raises(ImportRefused, match="is empty"):
        workbook()


def test_what_only_looks_like_a_workbook_is_refused(table):
    with pytest.raises(ImportRefused, match="no Excel workbook"):
        table(b"PK\x03\x04 and nothing else", name="book.xlsx")


def test_a_cell_may_be_longer_than_the_csv_module_s_limit_only_at_its_own_cost(table):
    longest = "x" * (csv.field_size_limit() + 1)
    long, short = table(f'a,b\n1,"{longest}"\n2,y\n').rows()

    assert "field larger than field limit" in long.fault
    assert list(short.cells) == ["2", "y"]
