"""What comes in about a list, checked. Reasons are codes, worded at the edge."""

from collections.abc import Mapping
from typing import Any

from marshmallow import fields
from marshmallow.validate import OneOf, Range

from branchnet.access.sent import A_DATE, A_NUMBER, A_TEXT, Sent, read
from branchnet.errors import Invalid
from branchnet.stock.lists import LIMITS
from branchnet.stock.lists.headings import LOOKED_AT, Names
from branchnet.stock.lists.rows import Columns

COLUMN = "column-"


class SheetForm(Sent):
    """Which sheet (from 0), and in which row (as Excel counts; 0: in none) its headings stand."""

    sheet = fields.Integer(load_default=0, validate=Range(min=0, error="kind"), error_messages=A_NUMBER)
    heading_row = fields.Integer(
        load_default=0, validate=Range(min=0, max=LOOKED_AT, error="heading_row"), error_messages=A_NUMBER
    )


def read_columns(sent: Mapping[str, Any], names: Names) -> tuple[int, Columns]:
    """The sheet, and which column is which field. Raises Invalid: ``field_twice`` beside the second column."""
    form = read(SheetForm(), sent)
    chosen: dict[str, int] = {}
    wrong: dict[str, str] = {}
    for column in range(LIMITS.columns):
        name = sent.get(f"{COLUMN}{column}", "")
        if name in chosen:
            wrong[f"{COLUMN}{column}"] = "field_twice"
        elif name in names:
            chosen[name] = column
    if wrong:
        raise Invalid(fields=wrong)
    return form["sheet"], Columns(form["heading_row"], chosen)


class ApplyForm(Sent):
    """A list that was tried is taken in: all good rows or all or none, with unknown copies or without, on a day."""

    how = fields.String(required=True, validate=OneOf(("good", "all"), error="kind"), error_messages=A_TEXT)
    take_in = fields.Boolean(load_default=False)
    day = fields.Date(load_default=None, error_messages=A_DATE)
