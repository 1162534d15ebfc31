"""What the address of a page asks for, and which part of it is wrong."""

from typing import Any

from flask import request
from marshmallow import Schema, ValidationError

from branchnet.errors import Invalid

MONTHS = frozenset({"month", "from", "to"})


def from_address(schema: Schema) -> dict[str, Any]:
    """What the address asks for; an empty field is none. Raises Invalid with the names of what is wrong."""
    try:
        found: dict[str, Any] = schema.load({name: value for name, value in request.args.items() if value})
    except ValidationError as error:
        names = sorted(map(str, error.messages_dict))
        if MONTHS.issuperset(names):
            raise Invalid(fields=dict.fromkeys(names, "month")) from error
        raise Invalid("bad_address", names=names) from error
    return found
