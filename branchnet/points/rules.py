"""What a point is called in short, and whether degrees can be where it stands. Pure."""

import re
from collections import Counter
from collections.abc import Collection

LETTERS = {"branch": "B", "mobile_point": "M", "delivery_school": "D", "mobile_stop": "S", "book_house": "H"}
"""The letter that a code has for each kind."""
CODE = re.compile(r"[0-9A-Za-z][0-9A-Za-z_-]{0,19}")
"""A code stands on posters and in addresses."""


def degrees_problem(lat: float | None, lon: float | None) -> tuple[str, str] | None:
    """What is wrong with a position in degrees: the field and the code, or None.

    "degrees": one of the two is not told, or is none; "degrees_swapped": read the other way round it is in China.
    """
    if lat is None or lon is None:
        return None if lat is lon else ("lat" if lat is None else "lon", "degrees")
    if 73 <= lat <= 136 and 3 <= lon <= 54:
        return "lat", "degrees_swapped"
    return None if -90 <= lat <= 90 and -180 <= lon <= 180 else ("lat", "degrees")


def next_code(kind: str, taken: Collection[str]) -> str:
    """A code that is free: what most codes begin with, the kind's letter, and the next number: ZJ-M07."""
    begins = Counter(code.rpartition("-")[0] for code in taken if "-" in code)
    start = f"{begins.most_common(1)[0][0]}-" if begins else ""
    stem = f"{start}{LETTERS[kind]}"
    numbers = [int(code[len(stem) :]) for code in taken if code.startswith(stem) and code[len(stem) :].isdecimal()]
    return f"{stem}{max(numbers, default=0) + 1:02d}"
