"""Files that a page gives to be kept."""

import re
from io import BytesIO
from urllib.parse import quote

from flask import Response, send_file

from branchnet import sheets
from branchnet.sheets import Sheet

OTHER = "application/octet-stream"


def as_file(content: bytes, name: str, mimetype: str = OTHER) -> Response:
    """Content to be kept under a name, in any script."""
    response = send_file(BytesIO(content), mimetype, as_attachment=True, download_name=name)
    if not name.isascii():
        # What is left of a Chinese name without its Chinese tells nobody what the file is.
        plain = "branchnet-" + re.sub(r"[^A-Za-z0-9.]+", "-", name).lstrip("-.")
        told = {"filename": plain, "filename*": f"UTF-8''{quote(name)}"}
        response.headers.set("Content-Disposition", "attachment", **told)
    return response


def excel(name: str, *made: Sheet) -> Response:
    """Sheets as an Excel file; ``name`` without its ending."""
    return as_file(sheets.workbook(*made), f"{name}.xlsx", sheets.MIMETYPE)
