"""What a sentence about an error is made of."""

from collections.abc import Callable
from typing import Any

Said = tuple[str, str]
"""What happened, and what to do next."""
Words = dict[str, Callable[[dict[str, Any]], Said]]
"""By the code of an error how it is told, given its data."""
NAMED = 5
"""How many copies or rows are named; the others are counted."""
