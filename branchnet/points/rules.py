"""What a point is called in short. Pure."""

import re
from collections import Counter
from collections.abc import Collection

LETTERS = {"branch": "B", "mobile_point": "M", "delivery_school": "D", "mobile_stop": "S", "book_house": "H"}
"""The letter that a code has for each kind."""
CODE = re.compile(r"[0-9A-Za-z][0-9A-Za-z_-]{0,19}")
"""A code stands on posters and in addresses."""


def next_code(kind: str, taken: Collection[str]) -> str:
    """A code that is free: what most codes begin with, the kind's letter, and the next number: ZJ-M07."""
    begins = Counter(code.rpartition("-")[0] for code in taken if "-" in code)
    start = f"{begins.most_common(1)[0][0]}-" if begins else ""
    stem = f"{start}{LETTERS[kind]}"
    numbers = [int(code[len(stem) :]) for code in taken if code.startswith(stem) and code[len(stem) :].isdecimal()]
    return f"{stem}{max(numbers, default=0) + 1:02d}"
