"""What a teacher asks for, and what staff answer: when books are fetched, and what comes next."""

from marshmallow import fields
from marshmallow.validate import Length, OneOf

from branchnet.access.sent import A_DATE, A_TEXT, Sent
from branchnet.batches.staying import ANSWERS
from branchnet.fields import Count


class StayAnswerForm(Sent):
    """Ready, another day, or longer; until when, and a word."""

    answer = fields.String(required=True, validate=OneOf(ANSWERS, error="kind"), error_messages=A_TEXT)
    wanted_on = fields.Date(load_default=None, error_messages=A_DATE)
    note = fields.String(load_default=None)


class DecideForm(Sent):
    """Accepted or declined, with a word that the teacher reads."""

    accepted = fields.Boolean(required=True, error_messages={"required": "required", "invalid": "kind"})
    reply = fields.String(load_default=None, validate=Length(max=200, error="note_too_long"))


class WishForm(Sent):
    """For what age, of what kind, how many copies (册), and a word."""

    age = fields.String(load_default=None)
    kind = fields.String(load_default=None)
    number = Count(load_default=None)
    note = fields.String(load_default=None)
