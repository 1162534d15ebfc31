"""What a teacher sends about their successor, and what staff decide. Reasons are codes, worded at the edge."""

from marshmallow import fields
from marshmallow.validate import Length

from branchnet.access.people_schemas import PHONE
from branchnet.access.sent import A_NUMBER, A_TEXT, Sent


class SuccessorForm(Sent):
    """The colleague: what they are called, and a phone if they agreed to it."""

    name = fields.String(required=True, validate=Length(max=40, error="name_long"), error_messages=A_TEXT)
    phone = fields.String(load_default=None, validate=PHONE)


class DecisionForm(Sent):
    """Accepted or declined; ``successor``: who it is, where the colleague is known already."""

    accepted = fields.Boolean(required=True, error_messages={"required": "required", "invalid": "kind"})
    successor = fields.Integer(load_default=None, error_messages=A_NUMBER)
