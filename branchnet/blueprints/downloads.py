"""Files that a page gives to be kept."""

from io import BytesIO

from flask import Response, send_file

from branchnet import sheets
from branchnet.sheets import Sheet

OTHER = "application/octet-stream"


def as_file(content: bytes, name: str, mimetype: str = OTHER) -> Response:
    """Content to be kept under a name, in any script."""
    return send_file(BytesIO(content), mimetype, as_attachment=True, download_name=name)


def excel(name: str, *made: Sheet) -> Response:
    """Sheets as an Excel file; ``name`` without its ending."""
    return as_file(sheets.workbook(*made), f"{name}.xlsx", sheets.MIMETYPE)
