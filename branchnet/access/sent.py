"""What comes in, checked: the base of the staff's forms. Reasons are codes, worded at the edge."""

from collections.abc import Mapping
from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError, pre_load

from branchnet.errors import Invalid

Reasons = dict[str, str | list[Any] | dict[Any, Any]]

A_TEXT: Reasons = {"required": "required", "null": "required", "invalid": "required"}
A_DATE: Reasons = {"required": "required", "null": "required", "invalid": "date"}
A_NUMBER: Reasons = {"required": "required", "null": "required", "invalid": "not_a_number", "too_large": "too_large"}


def read(schema: Schema, sent: Mapping[str, Any]) -> dict[str, Any]:
    """What was sent, as the schema reads it. Raises Invalid with one reason for each field that is wrong."""
    found, reasons = read_as_far_as_right(schema, sent)
    if reasons:
        raise Invalid(fields=reasons)
    return found


def read_as_far_as_right(schema: Schema, sent: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """What was sent, without the fields that are wrong; and by field what is wrong with each of those."""
    try:
        return dict(schema.load(sent)), {}
    except ValidationError as error:
        reasons = {field: _first(messages) for field, messages in error.messages_dict.items()}
        return dict(error.valid_data or {}), reasons


def _first(messages: Any) -> str:
    while not isinstance(messages, str):
        messages = next(iter(messages.values() if isinstance(messages, dict) else messages))
    return messages


class Sent(Schema):
    """What every form sends: surrounding blanks do not count, and a field left empty was not sent."""

    class Meta:
        unknown = EXCLUDE

    @pre_load
    def without_blanks(self, data: Mapping[str, Any], **_rest: Any) -> dict[str, Any]:
        stripped = {name: value.strip() if isinstance(value, str) else value for name, value in data.items()}
        return {name: value for name, value in stripped.items() if value != ""}
