"""What staff send about people: a teacher with their point, one more point, a colleague with their roles."""

from marshmallow import fields
from marshmallow.validate import ContainsOnly, Length, Regexp

from branchnet.access.sent import A_DATE, A_TEXT, Sent
from branchnet.models.people import ROLES

PHONE = (Length(max=20, error="phone_long"), Regexp(r"[^A-Za-z]*\Z", error="phone_letters"))
"""However somebody writes a number, with blanks, dashes or an extension (转); a number only they know is right."""


class TeacherForm(Sent):
    """A teacher: what they are called, a phone if they gave one, the point (by code) they answer for, since when."""

    display_name = fields.String(required=True, validate=Length(max=40, error="name_long"), error_messages=A_TEXT)
    phone = fields.String(load_default=None, validate=PHONE)
    point = fields.String(required=True, error_messages=A_TEXT)
    valid_from = fields.Date(required=True, error_messages=A_DATE)


class AnsweringForm(Sent):
    """One more point (by code) that a teacher answers for, since when."""

    point = fields.String(required=True, error_messages=A_TEXT)
    valid_from = fields.Date(required=True, error_messages=A_DATE)


class ColleagueForm(Sent):
    """A member of staff: what they are called, what they sign in with, in which roles."""

    display_name = fields.String(required=True, validate=Length(max=40, error="name_long"), error_messages=A_TEXT)
    phone = fields.String(load_default=None, validate=PHONE)
    login = fields.String(required=True, validate=Length(max=60, error="login_long"), error_messages=A_TEXT)
    password = fields.String(
        required=True,
        validate=Length(min=8, max=200, error="password_short"),
        error_messages=A_TEXT,
        load_only=True,
    )
    roles = fields.List(
        fields.String(),
        required=True,
        validate=[Length(min=1, error="required"), ContainsOnly(ROLES, error="kind")],
        error_messages=A_TEXT,
    )
