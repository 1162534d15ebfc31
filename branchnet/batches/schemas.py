"""What comes in about batches, checked: one schema serves form and API. Reasons are codes, worded at the edge."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from marshmallow import ValidationError, fields, validates_schema
from marshmallow.validate import Length, OneOf, Range

from branchnet.access.sent import A_DATE, A_NUMBER, A_TEXT, Sent
from branchnet.fields import Count
from branchnet.models.batch import TERMS

OUTGOING_KINDS = ("allocation", "delivery", "rotation")
"""The kinds that staff begin by hand; returns come from the delivery that they collect."""

LONGEST_LIST = 1_000_000
"""More characters than the barcodes of any batch."""
LARGEST = 100_000
"""More copies (册) of one lot than any batch holds: beyond it somebody scanned a barcode into the number."""

LIST_AT_MOST = 5_000
"""Barcodes in one pasted column; what is longer comes as a list from a file."""


class NewBatchForm(Sent):
    """A batch begins: to which point (by code), as what, on which terms and day; a delivery until when, a rotation
    from which point; and the wish that it is for.
    """

    to = fields.String(required=True, error_messages=A_TEXT)
    kind = fields.String(required=True, validate=OneOf(OUTGOING_KINDS, error="kind"), error_messages=A_TEXT)
    drafted_on = fields.Date(required=True, error_messages=A_DATE)
    due_back_on = fields.Date(load_default=None, error_messages=A_DATE)
    start = fields.String(data_key="from", load_default=None)
    terms = fields.String(load_default="deposit", validate=OneOf(TERMS, error="kind"))
    note = fields.String(load_default=None, validate=Length(max=200, error="note_too_long"))
    wish = fields.Integer(load_default=None, error_messages=A_NUMBER)

    @validates_schema(skip_on_field_errors=False)
    def from_somewhere(self, data: Mapping[str, Any], **_rest: Any) -> None:
        if data.get("kind") == "rotation" and not data.get("start"):
            raise ValidationError("required", "from")

    @validates_schema
    def back_after_sent(self, data: Mapping[str, Any], **_rest: Any) -> None:
        due: date | None = data.get("due_back_on")
        if due is not None and data.get("drafted_on") is not None and due < data["drafted_on"]:
            raise ValidationError("due_before", "due_back_on")


class InABox(Sent):
    """What goes into a batch, and the box it goes into (none: loose)."""

    box = fields.Integer(load_default=None, error_messages=A_NUMBER)


class CopyForm(InABox):
    """One scan: a barcode, with what the scanner put around it."""

    barcode = fields.String(required=True, validate=Length(max=200, error="barcode_long"), error_messages=A_TEXT)


class UnknownForm(CopyForm):
    """A copy that the books do not know: its barcode, and the title that stands on it."""

    title = fields.String(required=True, validate=Length(max=300, error="title_long"), error_messages=A_TEXT)


class ListForm(InABox):
    """A column of barcodes, as it was pasted."""

    barcodes = fields.String(load_default="")


class CountedForm(InABox):
    """So many copies (册) of a counted lot, by its title, category or initials."""

    what = fields.String(required=True, validate=Length(max=300, error="title_long"), error_messages=A_TEXT)
    quantity = fields.Integer(
        required=True,
        validate=[Range(min=1, error="quantity_not_positive"), Range(max=LARGEST, error="too_large")],
        error_messages=A_NUMBER,
    )


class LineForm(InABox):
    """A line of the batch: of which lot it was when the button was made."""

    lot = fields.Integer(load_default=None, error_messages=A_NUMBER)


class StepForm(Sent):
    """A step: the day it happened, and a word about it."""

    happened_on = fields.Date(required=True, error_messages=A_DATE)
    note = fields.String(load_default=None, validate=Length(max=200, error="note_too_long"))


class CancelForm(StepForm):
    """A batch is cancelled: why is not left open."""

    note = fields.String(required=True, validate=Length(max=200, error="note_too_long"), error_messages=A_TEXT)


class CountForm(StepForm):
    """Books came back and were counted: how many (册)."""

    copies = fields.Integer(
        required=True,
        validate=[Range(min=0, error="quantity_not_positive"), Range(max=LARGEST, error="too_large")],
        error_messages=A_NUMBER,
    )


class ReceiveForm(StepForm):
    """Received: everything as sent, or by box number (0: loose) the copies (册) that were found."""

    counts = fields.Dict(
        keys=fields.Integer(),
        values=fields.Integer(
            validate=[Range(min=0, error="not_a_number"), Range(max=LARGEST, error="too_large")],
            error_messages=A_NUMBER,
        ),
        load_default=None,
    )


class ScannedForm(StepForm):
    """Received by scan: barcodes and labels of boxes, and by box number the copies (册) that carry no barcode."""

    complete = fields.Boolean(load_default=False)
    """Whether what was not scanned has not come."""
    codes = fields.String(required=True, validate=Length(max=LONGEST_LIST, error="too_large"), error_messages=A_TEXT)
    uncoded = fields.Dict(
        keys=fields.Integer(), values=Count(validate=Range(max=LARGEST, error="too_large")), load_default=dict
    )


class ResolveForm(StepForm):
    """A difference ends: as what, and where that matters which copies: barcodes, or a counted lot for the rest."""

    resolution = fields.String(required=True, error_messages=A_TEXT)
    barcodes = fields.String(load_default="")
    lot = fields.Integer(load_default=None, error_messages=A_NUMBER)


class AlikeForm(Sent):
    """Ticked differences end alike: as what, on which day, and why."""

    resolution = fields.String(required=True, error_messages=A_TEXT)
    happened_on = fields.Date(required=True, error_messages=A_DATE)
    reason = fields.String(required=True, validate=Length(max=200, error="note_too_long"), error_messages=A_TEXT)
    cases = fields.List(fields.Integer(error_messages=A_NUMBER), load_default=list)


class ResolveSomeForm(ResolveForm):
    """So many of its copies (册) end, or all of them; the rest stays open."""

    copies = Count(
        load_default=None,
        allow_none=True,
        validate=[Range(min=1, error="quantity_not_positive"), Range(max=LARGEST, error="too_large")],
        error_messages=A_NUMBER,
    )


class RecallForm(CancelForm):
    """The rest of a batch is recalled: which copies did not come back: barcodes, and so many (册) of a counted lot."""

    barcodes = fields.String(load_default="")
    lot = fields.Integer(load_default=None, error_messages=A_NUMBER)
    lost = fields.Integer(
        load_default=None,
        validate=[Range(min=0, error="not_a_number"), Range(max=LARGEST, error="too_large")],
        error_messages=A_NUMBER,
    )


class DamagedForm(StepForm):
    """Damaged copies were found: how many (册), and of which counted lot or copy where that is known."""

    damaged = fields.Integer(
        required=True,
        validate=[Range(min=1, error="quantity_not_positive"), Range(max=LARGEST, error="too_large")],
        error_messages=A_NUMBER,
    )
    lot = fields.Integer(load_default=None, error_messages=A_NUMBER)


class ReverseForm(Sent):
    """A step is taken back: why is not left open."""

    reason = fields.String(required=True, validate=Length(max=200, error="note_too_long"), error_messages=A_TEXT)


class FilingForm(Sent):
    """Where signed papers are filed (档号), and where how many pictures (张) of the handover are kept."""

    archive_number = fields.String(load_default=None, validate=Length(max=60, error="archive_long"))
    photos_at = fields.String(load_default=None, validate=Length(max=100, error="photos_at_long"))
    photos = Count(
        load_default=None,
        allow_none=True,
        validate=[Range(min=1, error="quantity_not_positive"), Range(max=LARGEST, error="too_large")],
        error_messages=A_NUMBER,
    )
