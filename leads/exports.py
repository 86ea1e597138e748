"""Tables as files: CSV sent row by row, XLSX built row by row; no cell is ever a formula."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from io import BytesIO
from typing import IO, Any

from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
SHEET_ROWS = 1_048_576  # what the format holds
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class _Echo:
    """A file that gives back what is written to it."""

    def write(self, text: str) -> str:
        return text


def file_response(kind: str, name: str, rows: Iterable[Sequence[Any]]) -> HttpResponseBase:
    """A download of these rows, the head among them, as `kind` csv or xlsx."""
    return xlsx_response(name, rows) if kind == "xlsx" else csv_response(name, rows)


def csv_response(name: str, rows: Iterable[Sequence[Any]]) -> StreamingHttpResponse:
    """A download of these rows, the head among them."""
    writer = csv.writer(_Echo())
    return StreamingHttpResponse(
        (writer.writerow([plain(cell) for cell in row]) for row in rows),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}.csv"'},
    )


def csv_file(rows: Iterable[Sequence[Any]], *, most: int) -> bytes:
    """The same to be sent by mail, of at most so many bytes; where it is cut off, a line says so."""
    file, last = BytesIO(), b"The file ends here. The page has all rows.\r\n"
    writer = csv.writer(_Echo())
    for row in rows:
        line = str(writer.writerow([plain(cell) for cell in row])).encode()
        if file.tell() + len(line) + len(last) > most:
            file.write(last)
            break
        file.write(line)
    return file.getvalue()


def xlsx_response(name: str, rows: Iterable[Sequence[Any]]) -> HttpResponse:
    """The same as a workbook of one sheet; in memory it is only packed."""
    file = BytesIO()
    write_sheet(file, rows)
    disposition = f'attachment; filename="{name}.xlsx"'
    return HttpResponse(file.getvalue(), content_type=XLSX, headers={"Content-Disposition": disposition})


def write_sheet(file: IO[bytes], rows: Iterable[Sequence[Any]]) -> None:
    """Write rows as a workbook, text always as text; what no longer fits ends it with a line that says so."""
    from openpyxl import Workbook  # noqa: PLC0415  # takes a fifth of a second

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Report")
    for row in _fitting(rows):
        sheet.append([_cell(sheet, value) for value in row])
    book.save(file)


def _fitting(rows: Iterable[Sequence[Any]]) -> Iterator[Sequence[Any]]:
    for number, row in enumerate(rows, start=1):
        if number == SHEET_ROWS:
            yield ["A sheet holds no more rows. The CSV has all of them."]
            return
        yield row


def _cell(sheet: Any, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE  # noqa: PLC0415

    cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", value))
    cell.data_type = "s"  # also what begins with an equals sign
    return cell


def plain(cell: Any) -> Any:
    """Text that a spreadsheet would take for a formula gets an apostrophe in front."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA_STARTS) else cell
