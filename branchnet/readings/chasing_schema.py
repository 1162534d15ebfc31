"""That somebody was told to report: which month, who, and how."""

from marshmallow import fields
from marshmallow.validate import OneOf, Regexp

from branchnet.access.sent import A_TEXT, Sent
from branchnet.models.reporting import CHASES


class ChaseForm(Sent):
    """``person`` is empty where the whole group was told."""

    month = fields.String(required=True, validate=Regexp(r"\d{4}-\d\d$", error="month"), error_messages=A_TEXT)
    kind = fields.String(required=True, validate=OneOf(CHASES, error="kind"), error_messages=A_TEXT)
    person = fields.Integer(load_default=None, error_messages={"invalid": "kind"})
