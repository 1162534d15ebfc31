"""What no free text keeps: phones and ID numbers. Pure."""

import re
import unicodedata

NOTE_LENGTH = 200
_PERSONAL = re.compile(r"(?<!\d)(1[3-9]\d[- ]?\d{4}[- ]?\d{4}|\d{17}[\dX]|0\d{2,3}[- ]?\d{7,8})(?!\d)", re.IGNORECASE)


def note_problem(note: str) -> str | None:
    """Why a note from a point cannot be kept: too long, or with a phone or ID number in it."""
    if len(note) > NOTE_LENGTH:
        return "note_too_long"
    return "note_personal" if _PERSONAL.search(unicodedata.normalize("NFKC", note)) else None
