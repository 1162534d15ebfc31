"""Files as library systems and people make them: Excel, CSV, and what only looks like it."""

import csv
import io
import zipfile
from collections.abc import Sequence
from typing import Any

from xlsxwriter import Workbook

Rows = Sequence[Sequence[Any]]

HEADINGS = ("条码号", "题名", "责任者", "出版社", "ISBN", "索书号", "价格", "出版年", "经费来源")


def a_book(number: int, barcode: str | None = None) -> list[Any]:
    """A row of a list as Interlib exports it, under `HEADINGS`."""
    code = f"9900{number:08d}" if barcode is None else barcode
    return [code, f"故事 {number}", "陈著", "新世纪出版社", "978-7-5442-5399-4", "I287.5", "CNY25.00", "2019.5", "购买"]


def workbook(*sheets: Rows, names: Sequence[str] = ()) -> bytes:
    """An .xlsx; numbers stay numbers, texts are texts even where they look like formulas."""
    out = io.BytesIO()
    book = Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    for number, rows in enumerate(sheets):
        page = book.add_worksheet(names[number] if names else None)
        for row, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                page.write(row, column, cell)
    book.close()
    return out.getvalue()


_ODS = (
    '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
    ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
    '<table:table table:name="清单"><table:table-row{rows}>{cells}</table:table-row></table:table>'
    "</office:spreadsheet></office:body></office:document-content>"
)


def opendocument(cells: Sequence[str], repeated: str = "") -> bytes:
    """An .ods of one row of texts; ``repeated`` is how often it says that its row and its cells come again."""
    rows = f' table:number-rows-repeated="{repeated}"' if repeated else ""
    columns = f' table:number-columns-repeated="{repeated}"' if repeated else ""
    row = "".join(
        f'<table:table-cell office:value-type="string"{columns}><text:p>{cell}</text:p></table:table-cell>'
        for cell in cells
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        manifest = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
        packed.writestr("META-INF/manifest.xml", f'<m:manifest xmlns:m="{manifest}"/>')
        packed.writestr("content.xml", _ODS.format(rows=rows, cells=row))
    return out.getvalue()


def text(rows: Rows, alphabet: str = "utf-8", mark: str = ",") -> bytes:
    """A CSV file."""
    out = io.StringIO()
    csv.writer(out, delimiter=mark).writerows(rows)
    return out.getvalue().encode(alphabet)


def written_otherwise(content: bytes, words: str, others: str) -> bytes:
    """An .xlsx with other words in its parts than a library would write there."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as packed, zipfile.ZipFile(out, "w") as anew:
        for name in packed.namelist():
            anew.writestr(name, packed.read(name).replace(words.encode(), others.encode()))
    return out.getvalue()
