"""Fields of forms and of the API alike. What is wrong is told by a code; the edge turns it into words."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from marshmallow import fields

LARGEST = 1_000_000
DEAREST_FEN = 10_000_000
"""100,000 yuan for one copy: beyond it somebody forgot the point."""
UNITS: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("in_school_visits", "community_visits", "visits"), ("人次", "人")),
    **dict.fromkeys(("in_school_loans", "community_loans", "loans"), ("册次", "册", "本")),
    "borrowers": ("人",),
    "days_open": ("天",),
}
"""What a teacher may write after a number of a reading, by its field: 85册. Any other word there is a slip."""
_YUAN = re.compile(r"(\d{1,6})(?:\.(\d{1,2}))?", re.ASCII)


def without_unit(text: str, units: Sequence[str]) -> str:
    """A number without the one of these units that stands after it, the longest first; blanks do not count."""
    text = text.strip()
    return next((text.removesuffix(unit).rstrip() for unit in units if text.endswith(unit)), text)


def typed_pattern(name: str) -> str:
    """What a field of a reading takes, for a page that has nobody to ask; a test holds it to what `Count` reads."""
    return rf"\s*[0-9０-９,，]*\s*({'|'.join(UNITS[name])})?\s*" if name in UNITS else ""


class Count(fields.Field[int]):
    """A whole number as people type it: nothing at all is empty, full-width digits and thousands marks are read.

    ``units``: what may stand after it.
    Refuses with ``not_a_number`` (words, fractions, numbers below zero) and ``too_large`` (above `LARGEST`).
    """

    default_error_messages = {"not_a_number": "not_a_number", "too_large": "too_large"}  # noqa: RUF012 - marshmallow's own way

    def __init__(self, *, units: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.units = units

    def deserialize(self, value: Any, attr: str | None = None, data: Any = None, **kwargs: Any) -> Any:
        """Read what came; an empty text is no number, and nothing is wrong with that."""
        empty = isinstance(value, str) and not value.strip()
        return super().deserialize(None if empty else value, attr, data, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> int:  # noqa: ARG002 - marshmallow's own names
        text = str(value) if type(value) is int else value
        if not isinstance(text, str):
            raise self.make_error("not_a_number")
        digits = without_unit(unicodedata.normalize("NFKC", text), self.units).replace(",", "")
        if not (digits.isascii() and digits.isdecimal()):
            raise self.make_error("not_a_number")
        if len(digits.lstrip("0")) > len(str(LARGEST)) or int(digits) > LARGEST:
            raise self.make_error("too_large")
        return int(digits)


class Price(fields.Field[int]):
    """A list price as people type it, in yuan, kept in fen: 25, 25.5, ¥25.00, 25元. Nothing at all is unknown.

    Refuses with ``price`` what is none: words, a part of a fen, nothing or less, more than `DEAREST_FEN`.
    """

    default_error_messages = {"price": "price"}  # noqa: RUF012 - marshmallow's own way

    def deserialize(self, value: Any, attr: str | None = None, data: Any = None, **kwargs: Any) -> Any:
        """Read what came; an empty text is an unknown price, never 0."""
        empty = isinstance(value, str) and not value.strip()
        return super().deserialize(None if empty else value, attr, data, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> int:  # noqa: ARG002 - marshmallow's own names
        if not isinstance(value, str):
            raise self.make_error("price")
        text = unicodedata.normalize("NFKC", value).strip().removeprefix("¥").removesuffix("元").strip()
        found = _YUAN.fullmatch(text.replace(",", ""))
        fen = int(found[1]) * 100 + int((found[2] or "").ljust(2, "0")) if found else 0
        if not 0 < fen <= DEAREST_FEN:
            raise self.make_error("price")
        return fen


class Degrees(fields.Float):
    """Decimal degrees as people type them: full-width digits and points are read."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> float:
        text = unicodedata.normalize("NFKC", value) if isinstance(value, str) else value
        return float(super()._deserialize(text, attr, data, **kwargs) or 0)
