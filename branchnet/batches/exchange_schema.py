"""An exchange visit, as the form sends it: what was brought, what was taken back, what was short."""

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields, validates_schema
from marshmallow.validate import Length, OneOf, Range

from branchnet.access.sent import A_DATE, A_NUMBER, A_TEXT, Sent
from branchnet.batches.commands.exchanging import KINDS
from branchnet.batches.schemas import LARGEST, StepForm


def _number(least: int = 1) -> Any:
    reason = "quantity_not_positive" if least else "not_a_number"
    asked = [Range(min=least, error=reason), Range(max=LARGEST, error="too_large")]
    return fields.Integer(load_default=None, validate=asked, error_messages=A_NUMBER)


def _text(longest: int = 300) -> Any:
    return fields.String(load_default=None, validate=Length(max=longest, error="too_long"))


class ExchangeForm(Sent):
    """At which point (its code), on which day, and three numbers (册); barcodes and lots where they are known.

    Brought is a ``batch`` that was ready, or so many ``copies``. Taken is ``everything``, or so many. Short is how many
    of what should have come were not found.
    """

    to = fields.String(required=True, error_messages=A_TEXT)
    happened_on = fields.Date(required=True, error_messages=A_DATE)
    note = fields.String(load_default=None, validate=Length(max=200, error="note_too_long"))

    batch = _text(20)
    kind = fields.String(load_default=KINDS[0], validate=OneOf(KINDS, error="kind"))
    copies = _number()
    barcodes = fields.String(load_default="")
    books = _text()
    received = fields.Boolean(load_default=False)
    counted = _number()

    everything = fields.Boolean(load_default=False)
    taken = _number()
    taken_barcodes = fields.String(load_default="")
    taken_books = _text()
    shelved = fields.Boolean(load_default=False)

    short = _number(0)
    short_barcodes = fields.String(load_default="")
    short_books = _text()

    @validates_schema(skip_on_field_errors=False)
    def brought_and_taken(self, data: Mapping[str, Any], **_rest: Any) -> None:
        """Neither is left open; a number beside a batch, or beside everything, would say it twice."""
        found: dict[str, list[str]] = {}
        if not (data.get("batch") or data.get("copies") or data.get("barcodes")) and "copies" in data:
            found["copies"] = ["required"]
        if data.get("batch") and (data.get("copies") or data.get("barcodes")):
            found["copies"] = ["batch_or_number"]
        told = data.get("taken") or data.get("taken_barcodes")
        if not data.get("everything") and not told and "taken" in data:
            found["taken"] = ["required"]
        if data.get("everything") and data.get("taken"):
            found["taken"] = ["all_or_number"]
        if data.get("counted") and not data.get("received"):
            found["received"] = ["required"]
        if found:
            raise ValidationError({name: list(reasons) for name, reasons in found.items()})


class EndShortForm(StepForm):
    """Short copies turned out to be something: so many of them (册), or all."""

    resolution = fields.String(required=True, error_messages=A_TEXT)
    copies = _number()
