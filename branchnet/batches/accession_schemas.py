"""What came in today (入藏, 受赠), as the form sends it: books row by row, and what is no book. Reasons are codes."""

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields, validates_schema
from marshmallow.validate import Length, OneOf, Range

from branchnet.access.sent import A_DATE, A_NUMBER, A_TEXT, Sent
from branchnet.batches.schemas import LARGEST
from branchnet.fields import Price
from branchnet.models.batch import GOODS
from branchnet.models.ledger import OWNERS

SOURCES = ("bought", "donated")
FIRST_YEAR, LAST_YEAR = 1000, 2100
COUNTED = [Range(min=1, error="quantity_not_positive"), Range(max=LARGEST, error="too_large")]


def _short(most: int) -> Any:
    return fields.String(load_default=None, validate=Length(max=most, error="too_long"))


class AccessionForm(Sent):
    """What holds for all that came: the day, bought or given by so many people (人), whose it is, which fund paid."""

    happened_on = fields.Date(required=True, error_messages=A_DATE)
    source = fields.String(required=True, validate=OneOf(SOURCES, error="kind"), error_messages=A_TEXT)
    donors = fields.Integer(load_default=None, validate=COUNTED, error_messages=A_NUMBER)
    owner = fields.String(load_default="central", validate=OneOf(OWNERS, error="kind"))
    fund = _short(60)
    note = fields.String(load_default=None, validate=Length(max=200, error="note_too_long"))


class BookRow(Sent):
    """One row: a title or category with so many copies (册), or one copy with its barcode; what else is known of it."""

    title = fields.String(required=True, validate=Length(max=300, error="too_long"), error_messages=A_TEXT)
    quantity = fields.Integer(load_default=None, validate=COUNTED, error_messages=A_NUMBER)
    price = Price(load_default=None)
    barcode = fields.String(load_default=None, validate=Length(max=40, error="barcode_long"))
    author = _short(200)
    category = _short(40)
    call_number = _short(60)
    property_number = _short(60)
    year = fields.Integer(
        load_default=None, validate=Range(FIRST_YEAR, LAST_YEAR, error="year"), error_messages={"invalid": "year"}
    )

    @validates_schema
    def one_or_many(self, data: Mapping[str, Any], **_rest: Any) -> None:
        """A barcode is one copy; without one, how many is not left open."""
        quantity = data.get("quantity")
        if data.get("barcode") and quantity not in (None, 1):
            raise ValidationError("copy_is_one", "quantity")
        if not data.get("barcode") and quantity is None:
            raise ValidationError("required", "quantity")


class GoodsForm(Sent):
    """What is no book: its kind, its name, how many where that is known, and in which unit."""

    kind = fields.String(required=True, validate=OneOf(GOODS, error="kind"), error_messages=A_TEXT)
    name = fields.String(required=True, validate=Length(max=100, error="goods_name"), error_messages=A_TEXT)
    number = fields.Integer(load_default=None, validate=COUNTED, error_messages=A_NUMBER)
    unit = fields.String(required=True, validate=Length(max=10, error="goods_unit"), error_messages=A_TEXT)
