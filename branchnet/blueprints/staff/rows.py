"""Forms with several rows of the same fields: ``title-1``, ``title-2``. A row left empty was not sent."""

from collections.abc import Mapping
from typing import Any

from branchnet.access.sent import Sent, read
from branchnet.errors import Invalid

MOST_ROWS = 100


def rows_asked(form: Mapping[str, str], name: str, fewest: int) -> int:
    """How many rows the form shows: as many as it says, within reason."""
    said = form.get(name, "")
    return min(max(int(said), fewest), MOST_ROWS) if said.isascii() and said.isdecimal() else fewest


def read_rows(
    schema: Sent, form: Mapping[str, str], prefix: str, rows: int, preset: frozenset[str]
) -> list[dict[str, Any]]:
    """The rows somebody filled in, as the schema reads them, in order.

    Fields are named ``{prefix}{field}-{row}``; those in ``preset`` are chosen from the start and alone fill no row.
    Raises Invalid with one reason for each field that is wrong, by the name it has on the form.
    """
    found: list[dict[str, Any]] = []
    wrong: dict[str, str] = {}
    for row in range(1, rows + 1):
        sent = {name: form.get(f"{prefix}{name}-{row}", "").strip() for name in schema.fields}
        if not any(value for name, value in sent.items() if name not in preset):
            continue
        try:
            found.append(read(schema, sent))
        except Invalid as error:
            wrong |= {f"{prefix}{name}-{row}": reason for name, reason in error.data["fields"].items()}
    if wrong:
        raise Invalid(fields=wrong)
    return found
