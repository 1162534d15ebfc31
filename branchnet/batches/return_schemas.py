"""What comes in about books that come back, checked. Reasons are codes, worded at the edge."""

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields, validates_schema
from marshmallow.validate import Length, OneOf, Range, Regexp

from branchnet.access.sent import A_DATE, A_NUMBER, A_TEXT, Sent
from branchnet.batches.schemas import LARGEST, LONGEST_LIST, StepForm
from branchnet.fields import Count
from branchnet.models.coming_back import FOUND_OUTCOMES

HOW = ("road", "counted", "shelved")
"""Fetched and still to come; counted in at the library's door; counted and on the shelf."""
NO_BATCH = "-"
"""Stands for copies that no batch brought."""
MANY = [Range(min=1, error="quantity_not_positive"), Range(max=LARGEST, error="too_large")]


class BringBackForm(StepForm):
    """What comes back from a point: of which batches (by number), how far it is, and how many (册) were counted."""

    batches = fields.List(fields.String(), required=True, validate=Length(min=1, error="no_batch_chosen"))
    how = fields.String(required=True, validate=OneOf(HOW, error="kind"), error_messages=A_TEXT)
    copies = fields.Integer(load_default=None, validate=MANY, error_messages=A_NUMBER)

    @validates_schema(skip_on_field_errors=False)
    def so_many(self, data: Mapping[str, Any], **_rest: Any) -> None:
        """Whoever counted knows the number."""
        if data.get("how") in ("counted", "shelved") and "copies" in data and data["copies"] is None:
            raise ValidationError("required", "copies")


class BackForm(Sent):
    """One scan of a book that came back."""

    barcode = fields.String(required=True, validate=Length(max=200, error="barcode_long"), error_messages=A_TEXT)


class CountedBackForm(Sent):
    """So many copies (册) of a counted lot came back, by its title, category or initials."""

    what = fields.String(required=True, validate=Length(max=300, error="title_long"), error_messages=A_TEXT)
    quantity = fields.Integer(required=True, validate=MANY, error_messages=A_NUMBER)


class FoundForm(Sent):
    """A book that is in no books of ours: its code and, where somebody wrote them, its title and whose it is."""

    barcode = fields.String(load_default=None, validate=Length(max=40, error="barcode_long"))
    title = fields.String(load_default=None, validate=Length(max=300, error="title_long"))
    whose = fields.String(load_default=None, validate=Length(max=100, error="whose_long"))
    quantity = fields.Integer(load_default=1, validate=MANY, error_messages=A_NUMBER)
    note = fields.String(load_default=None, validate=Length(max=200, error="note_too_long"))


class CloseFoundForm(Sent):
    """What became of a found book, and when."""

    outcome = fields.String(required=True, validate=OneOf(FOUND_OUTCOMES, error="kind"), error_messages=A_TEXT)
    happened_on = fields.Date(required=True, error_messages=A_DATE)


class RestockForm(StepForm):
    """On the shelf again: how many (册) were counted."""

    copies = fields.Integer(load_default=None, validate=MANY, error_messages=A_NUMBER)


class RestockPartForm(StepForm):
    """A part of it is on the shelf again: which copies, and so many (册) of a kind without barcodes."""

    what = fields.String(load_default=None, validate=Length(max=300, error="title_long"))
    quantity = fields.Integer(load_default=None, validate=MANY, error_messages=A_NUMBER)
    barcodes = fields.String(load_default="", validate=Length(max=LONGEST_LIST, error="too_large"))


class ResettleForm(StepForm):
    """What a return settles: by lot and batch (``lot-batch``) the copies (册)."""

    settles = fields.Dict(
        keys=fields.String(validate=Regexp(r"\d+-\d+\Z", error="not_a_number")),
        values=Count(validate=Range(max=LARGEST, error="too_large")),
        load_default=dict,
    )
