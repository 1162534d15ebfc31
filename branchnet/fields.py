"""Fields of forms and of the API alike. What is wrong is told by a code; the edge turns it into words."""

import unicodedata
from collections.abc import Mapping
from typing import Any

from marshmallow import fields

LARGEST = 1_000_000


class Count(fields.Field[int]):
    """A whole number as people type it: nothing at all is empty, full-width digits and thousands marks are read.

    Refuses with ``not_a_number`` (words, fractions, numbers below zero) and ``too_large`` (above `LARGEST`).
    """

    default_error_messages = {"not_a_number": "not_a_number", "too_large": "too_large"}  # noqa: RUF012 - marshmallow's own way

    def deserialize(self, value: Any, attr: str | None = None, data: Any = None, **kwargs: Any) -> Any:
        """Read what came; an empty text is no number, and nothing is wrong with that."""
        empty = isinstance(value, str) and not value.strip()
        return super().deserialize(None if empty else value, attr, data, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> int:  # noqa: ARG002 - marshmallow's own names
        text = str(value) if type(value) is int else value
        if not isinstance(text, str):
            raise self.make_error("not_a_number")
        digits = unicodedata.normalize("NFKC", text).strip().replace(",", "")
        if not (digits.isascii() and digits.isdecimal()):
            raise self.make_error("not_a_number")
        if len(digits.lstrip("0")) > len(str(LARGEST)) or int(digits) > LARGEST:
            raise self.make_error("too_large")
        return int(digits)
