"""What comes in about agreements, checked. Reasons are codes, worded at the edge."""

from marshmallow import fields
from marshmallow.validate import Length, Range

from branchnet.access.sent import A_DATE, A_NUMBER, A_TEXT, Sent
from branchnet.fields import Count

LONGEST_STAY = 3650


class AgreementForm(Sent):
    """An agreement: with which point (by code), its number, its term, and what is agreed on."""

    point = fields.String(required=True, error_messages=A_TEXT)
    number = fields.String(required=True, validate=Length(max=40, error="number_long"), error_messages=A_TEXT)
    signed_on = fields.Date(load_default=None, error_messages=A_DATE)
    seen = fields.String(load_default="")
    valid_from = fields.Date(required=True, error_messages=A_DATE)
    valid_until = fields.Date(load_default=None, error_messages=A_DATE)
    stay_days = Count(
        load_default=None,
        allow_none=True,
        validate=[Range(min=1, error="quantity_not_positive"), Range(max=LONGEST_STAY, error="too_large")],
        error_messages=A_NUMBER,
    )
    allowance_permille = Count(
        load_default=None, allow_none=True, validate=Range(max=1000, error="permille"), error_messages=A_NUMBER
    )


class KeptForm(Sent):
    """A signed agreement: where it is filed, and the last day of its term."""

    seen = fields.String(load_default="")
    archive_number = fields.String(load_default=None, validate=Length(max=60, error="archive_long"))
    valid_until = fields.Date(load_default=None, error_messages=A_DATE)
