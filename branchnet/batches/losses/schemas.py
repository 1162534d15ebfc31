"""What comes in about losses, checked. Reasons are codes, worded at the edge."""

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema
from marshmallow.validate import Length, OneOf, Range

from branchnet.access.personal import note_problem
from branchnet.access.sent import A_DATE, A_NUMBER, A_TEXT, Sent
from branchnet.batches.losses.rules import GONE, REPORTED
from branchnet.batches.schemas import LARGEST, ResolveSomeForm, StepForm
from branchnet.fields import Count, Price
from branchnet.models.difference import REPAIR_OUTCOMES

SOME = [Range(min=1, error="quantity_not_positive"), Range(max=LARGEST, error="too_large")]
TITLE_LENGTH = 100
"""Characters of a title that a teacher writes: the word beside it needs room in the note."""


class ReportForm(StepForm):
    """Copies are gone or broken: where, which (a barcode, or a title of counted books) and how many (册)."""

    where = fields.String(required=True, error_messages=A_TEXT)
    kind = fields.String(required=True, validate=OneOf(REPORTED, error="kind"), error_messages=A_TEXT)
    what = fields.String(load_default=None, validate=Length(max=300, error="title_long"))
    quantity = Count(load_default=1, validate=SOME, error_messages=A_NUMBER)


class CloseForm(ResolveSomeForm):
    """A case ends, or a part of it; with what is to be paid for it, where something is, and the day it was paid."""

    amount = Price(load_default=None, error_messages={"price": "amount"})
    paid_on = fields.Date(load_default=None, error_messages=A_DATE)


class PayForm(Sent):
    """What is to be paid was agreed: an amount in yuan, and the day."""

    amount = Price(required=True, error_messages={"required": "required", "null": "required", "price": "amount"})
    agreed_on = fields.Date(required=True, error_messages=A_DATE)
    note = fields.String(load_default=None, validate=Length(max=200, error="note_too_long"))


class PaidForm(Sent):
    """What was agreed was received on a day."""

    paid_on = fields.Date(required=True, error_messages=A_DATE)


class EndRepairForm(StepForm):
    """A repair ends: mended or not, on which day, and what it cost."""

    outcome = fields.String(required=True, validate=OneOf(REPAIR_OUTCOMES, error="kind"), error_messages=A_TEXT)
    cost = Price(load_default=None)


class ApproveForm(Sent):
    """A disposal list was approved: the number of the paper, and its day."""

    approval_number = fields.String(
        required=True, validate=Length(max=60, error="approval_long"), error_messages=A_TEXT
    )
    approved_on = fields.Date(required=True, error_messages=A_DATE)


class DraftForm(StepForm):
    """A disposal list begins: of all that waits, or of the ticked lines; or they go on a list that there is."""

    which = fields.String(load_default="some", validate=OneOf(("all", "some"), error="kind"))
    to = fields.String(load_default=None)


class FoundForm(StepForm):
    """Copies turned up: where they had gone, where they were found, how many (册)."""

    gone = fields.String(required=True, validate=OneOf(GONE, error="kind"), error_messages=A_TEXT)
    where = fields.String(required=True, error_messages=A_TEXT)
    quantity = Count(load_default=1, validate=SOME, error_messages=A_NUMBER)


class WearForm(StepForm):
    """One press: the term's days, one point or all, and the cases that the page showed."""

    since = fields.Date(required=True, error_messages=A_DATE)
    until = fields.Date(required=True, error_messages=A_DATE)
    point = fields.String(load_default=None)
    cases = fields.String(load_default="")


class LossSchema(Sent):
    """What a teacher says: copies are gone or broken, how many, which if they know, and a word."""

    op_id = fields.String(required=True, validate=validate.Length(8, 64, error="required"))
    kind = fields.String(required=True, validate=OneOf(REPORTED, error="kind"), error_messages=A_TEXT)
    quantity = Count(required=True, allow_none=False, validate=SOME, error_messages=A_NUMBER)
    what = fields.String(load_default="", validate=Length(max=TITLE_LENGTH, error="too_long"))
    word = fields.String(load_default="", validate=Length(max=TITLE_LENGTH - 10, error="word_long"))

    @validates_schema(skip_on_field_errors=False)
    def nothing_personal(self, data: Mapping[str, Any], **_rest: Any) -> None:
        found = {name: [problem] for name in ("what", "word") if (problem := note_problem(data.get(name, "")))}
        if found:
            raise ValidationError(found)
