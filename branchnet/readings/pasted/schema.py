"""A text of a WeChat group, for a month."""

from marshmallow import fields
from marshmallow.validate import Length, Regexp

from branchnet.access.sent import A_TEXT, Sent

LONGEST = 20_000


class PasteForm(Sent):
    """What is looked at, and then entered: the same text both times."""

    month = fields.String(required=True, validate=Regexp(r"\d{4}-\d\d$", error="month"), error_messages=A_TEXT)
    text = fields.String(required=True, validate=Length(max=LONGEST, error="paste_long"), error_messages=A_TEXT)
