"""The states of a batch, and what a count at the door means. Pure."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

OPEN = frozenset({"draft", "packed"})
"""Lines can still change."""
ON_THE_ROAD = frozenset({"dispatched"})
ENDED = frozenset({"closed", "cancelled"})
OUTBOUND = frozenset({"allocation", "delivery", "rotation"})
INTO_THE_BOOKS = frozenset({"opening", "accession"})

TRANSITIONS: Mapping[str, frozenset[str]] = {
    "pack": frozenset({"draft"}),
    "unpack": frozenset({"packed"}),
    "dispatch": OPEN,
    "receive": ON_THE_ROAD,
    "scan": ON_THE_ROAD,
    "restock": frozenset({"received"}),
    "close": frozenset({"received"}),
    "cancel": OPEN | ON_THE_ROAD,
    # Papers are signed when books leave or come in, and stay in the files of a batch that was called off.
    "file": ON_THE_ROAD | ENDED | {"received"},
}


def can(step: str, state: str) -> bool:
    """Whether a step is possible from a state."""
    return state in TRANSITIONS[step]


@dataclass(frozen=True, slots=True)
class Part:
    """What came together: a box, or all that was loose (box 0). Copies by lot, as sent."""

    box_id: int
    sent: Mapping[int, int]
    counted_lots: frozenset[int]

    @property
    def copies(self) -> int:
        """How many copies (册) were sent in it."""
        return sum(self.sent.values())


@dataclass(frozen=True, slots=True)
class Difference:
    """What a count found: which box and, where it is known, which lot; how many; and where the ledger has them."""

    kind: str
    quantity: int
    box_id: int
    lot_id: int | None = None
    in_transit: bool = False


@dataclass(frozen=True, slots=True)
class Arrival:
    """What a count moves from the road to the place, and the differences it opens."""

    moves: Mapping[int, int]
    differences: Sequence[Difference]


def arrive(part: Part, counted: int) -> Arrival:
    """What it means that so many copies were counted in a part.

    Of one counted lot the copies found are moved and the missing stay on the road. Among several lots nobody knows
    which copy is missing: a count above zero moves the whole part, and the difference names no copy. A count of zero
    moves nothing: the box has not come.
    """
    if counted == 0:
        return Arrival({}, ())
    off = counted - part.copies
    if off == 0:
        return Arrival(part.sent, ())
    only = next(iter(part.sent)) if len(part.sent) == 1 and part.sent.keys() <= part.counted_lots else None
    if off > 0:
        return Arrival(part.sent, (Difference("over", off, part.box_id, only),))
    if only is not None:
        return Arrival({only: counted}, (Difference("short", -off, part.box_id, only, in_transit=True),))
    return Arrival(part.sent, (Difference("short", -off, part.box_id),))


RESOLUTIONS: Mapping[str, frozenset[str]] = {
    "short": frozenset({"found", "lost", "miscounted", "damaged"}),
    "over": frozenset({"surplus", "miscounted"}),
    "damaged": frozenset({"damaged", "found"}),
}
"""How each kind of difference can end."""


def route(kind: str, in_transit: bool, resolution: str) -> tuple[str, str] | None:
    """Which way copies go when a difference is closed: (from, to) of road, point, sender, lost, supply, disposal.

    None where the ledger is right as it stands: nothing moves.
    """
    if kind == "over":
        return ("supply", "point") if resolution == "surplus" else None
    if kind == "damaged":
        return ("point", "disposal") if resolution == "damaged" else None
    here = "road" if in_transit else "point"
    if resolution == "found":
        return (here, "point") if in_transit else None
    return here, {"lost": "lost", "miscounted": "sender", "damaged": "disposal"}[resolution]


NOTE_LENGTH = 200
_PERSONAL = re.compile(r"(?<!\d)(1[3-9]\d[- ]?\d{4}[- ]?\d{4}|\d{17}[\dX]|0\d{2,3}[- ]?\d{7,8})(?!\d)", re.IGNORECASE)


def note_problem(note: str) -> str | None:
    """Why a note from a point cannot be kept: too long, or with a phone or ID number in it."""
    if len(note) > NOTE_LENGTH:
        return "note_too_long"
    return "note_personal" if _PERSONAL.search(unicodedata.normalize("NFKC", note)) else None
