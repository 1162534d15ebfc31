"""What a teacher says of their point, and what staff answer. Reasons are codes, worded at the edge."""

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields, validates_schema
from marshmallow.validate import Length, OneOf

from branchnet.access.requests.schemas import without_numbers
from branchnet.access.sent import A_DATE, A_TEXT, Sent
from branchnet.models.asking import PROPOSALS


class ProposalForm(Sent):
    """What has changed, in words; from which day, and the first day it is as before, where they know."""

    kind = fields.String(required=True, validate=OneOf(PROPOSALS, error="kind"), error_messages=A_TEXT)
    words = fields.String(required=True, validate=without_numbers, error_messages=A_TEXT)
    from_on = fields.Date(load_default=None, error_messages=A_DATE)
    until_on = fields.Date(load_default=None, error_messages=A_DATE)

    @validates_schema(skip_on_field_errors=True)
    def in_order(self, data: Mapping[str, Any], **_rest: Any) -> None:
        begin, end = data.get("from_on"), data.get("until_on")
        if begin is not None and end is not None and end <= begin:
            raise ValidationError("until_first", "until_on")


class DecisionForm(Sent):
    """Done already or not to be done, with a word that the teacher reads."""

    accepted = fields.Boolean(required=True, error_messages={"required": "required", "invalid": "kind"})
    reply = fields.String(load_default=None, validate=Length(max=200, error="note_too_long"))
