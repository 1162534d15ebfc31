"""What a phone that nobody knows sends. Reasons are codes, worded at the edge."""

from marshmallow import ValidationError, fields
from marshmallow.validate import Length

from branchnet.access.personal import note_problem
from branchnet.access.sent import A_NUMBER, A_TEXT, Sent


def without_numbers(text: str) -> None:
    """A text that stays with us holds no phone and no ID number."""
    if problem := note_problem(text):
        raise ValidationError(problem)


class LinkRequestForm(Sent):
    """Which library, by its slug; and at which school or point, in their own words."""

    network = fields.String(required=True, error_messages=A_TEXT)
    said = fields.String(
        required=True, validate=[Length(max=60, error="too_long"), without_numbers], error_messages=A_TEXT
    )


class AnswerForm(Sent):
    """The teacher who asked; nobody: it is set aside."""

    person_id = fields.Integer(load_default=None, error_messages=A_NUMBER)
