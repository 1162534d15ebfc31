"""A batch logged afterwards (补录), as the form sends it: four things are asked for, the rest is offered."""

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields, validates_schema
from marshmallow.validate import Length, OneOf, Range

from branchnet.access.sent import A_DATE, A_NUMBER, A_TEXT, Sent
from branchnet.batches.rules import ENDS
from branchnet.batches.schemas import LARGEST
from branchnet.models.batch import TERMS

KINDS = ("delivery", *(kind for kind in ENDS if kind != "delivery"))
"""The kind that is logged most stands first."""
MANY = [Range(min=1, error="quantity_not_positive"), Range(max=LARGEST, error="too_large")]


def _day() -> Any:
    return fields.Date(load_default=None, error_messages=A_DATE)


def _number(least: int = 1) -> Any:
    reason = "quantity_not_positive" if least else "not_a_number"
    asked = [Range(min=least, error=reason), Range(max=LARGEST, error="too_large")]
    return fields.Integer(load_default=None, validate=asked, error_messages=A_NUMBER)


class AfterwardsForm(Sent):
    """To whom (a point as people type it), as what, on which day, how many copies (册); and what else is known.

    A day of receipt left empty is the day it was sent, unless the books are ``on_the_road`` still; one of restocking
    that of collection, unless they are ``not_shelved`` yet.
    """

    to = fields.String(required=True, error_messages=A_TEXT)
    kind = fields.String(required=True, validate=OneOf(KINDS, error="kind"), error_messages=A_TEXT)
    sent_on = fields.Date(required=True, error_messages=A_DATE)
    copies = fields.Integer(load_default=None, validate=MANY, error_messages=A_NUMBER)
    same_day = fields.Boolean(load_default=False)
    note = fields.String(load_default=None, validate=Length(max=200, error="note_too_long"))

    start = fields.String(data_key="from", load_default=None)
    terms = fields.String(load_default="deposit", validate=OneOf(TERMS, error="kind"))
    books = fields.String(load_default=None, validate=Length(max=300, error="too_long"))
    barcodes = fields.String(load_default="")
    from_before = fields.Boolean(load_default=False)
    boxes = _number()

    on_the_road = fields.Boolean(load_default=False)
    received_on = _day()
    received = _number()
    due_back_on = _day()
    collected_on = _day()
    counted_in_on = _day()
    counted_in = _number(0)
    scanned_on = _day()
    restocked_on = _day()
    not_shelved = fields.Boolean(load_default=False)

    @validates_schema(skip_on_field_errors=False)
    def so_many(self, data: Mapping[str, Any], **_rest: Any) -> None:
        """How many is not left open, unless barcodes say it; and a number is not below theirs."""
        listed = len(set(listed_barcodes(data.get("barcodes", ""))))
        copies = data.get("copies")
        if not listed and "copies" in data and copies is None:
            raise ValidationError("required", "copies")
        if copies is not None and copies < listed:
            raise ValidationError("fewer_than_barcodes", "copies")

    @validates_schema(skip_on_field_errors=False)
    def from_somewhere(self, data: Mapping[str, Any], **_rest: Any) -> None:
        if data.get("kind") == "rotation" and not data.get("start"):
            raise ValidationError("required", "from")


def listed_barcodes(text: str) -> list[str]:
    """Barcodes as they were pasted: one a line, or with blanks or commas between."""
    return list(dict.fromkeys(text.replace(",", " ").replace("，", " ").split()))
