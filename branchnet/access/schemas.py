"""What somebody types to sign in."""

from typing import Any

from marshmallow import EXCLUDE, Schema, fields, validate

MISSING: dict[str, str | list[Any] | dict[Any, Any]] = {"required": "required"}


class SignInSchema(Schema):
    """Both are needed; whether they fit is no matter of form."""

    class Meta:
        unknown = EXCLUDE

    login = fields.String(required=True, error_messages=MISSING, validate=validate.Length(1, 60, error="required"))
    password = fields.String(required=True, error_messages=MISSING, validate=validate.Length(1, 200, error="required"))
