"""The states of a batch, and what a count at the door means. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

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
    "recall": ON_THE_ROAD,
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


def stage(
    kind: str, state: str, arrived: bool, due_back_on: date | None, collected_on: date | None, today: date
) -> str:
    """How far a batch has come, as lists and pages say it: its state, or one of four words that say more.

    ``arrived``: boxes are there, not counted. A delivery that is settled is ``there`` while its books stand at the
    point, ``late`` once their day has passed, and ``collected`` when they were fetched.
    """
    if state == "dispatched":
        return "arrived" if arrived else state
    if state != "closed" or kind != "delivery":
        return state
    if collected_on is not None:
        return "collected"
    return "late" if due_back_on is not None and due_back_on < today else "there"


ENDS: Mapping[str, tuple[str, str]] = {
    "allocation": ("shelf", "point"),
    "delivery": ("shelf", "point"),
    "rotation": ("point", "point"),
    "return": ("point", "shelf"),
}
"""The kind of place where a batch of a kind starts and ends. What comes into the books ends wherever it stands."""

GIVEN = frozenset({"allocation", "rotation"})
"""The kinds that can be a gift (赠送): a delivery is always fetched again, and what comes back was never given."""


def draft_problems(kind: str, start: str, end: str, terms: str, due_back: bool) -> dict[str, str]:
    """By field what a batch of a kind cannot be: its ends by their kinds of place, its terms, a day due back."""
    found = {}
    starts, ends = ENDS.get(kind, (start, end))
    if start != starts:
        found["from"] = f"start_{starts}"
    if end != ends:
        found["to"] = f"end_{ends}"
    if terms == "gift" and kind not in GIVEN:
        found["terms"] = "gift_comes_back"
    if due_back and kind != "delivery":
        found["due_back_on"] = "no_due_date"
    return found


def out_of_order(days: Sequence[tuple[str, date | None]]) -> dict[str, date]:
    """Of these days, in the order of the steps, those that lie before one above them: by field the earliest day.

    A day left empty is passed over: nobody has to know it.
    """
    latest: date | None = None
    found = {}
    for field, day in days:
        if day is None:
            continue
        if latest is not None and day < latest:
            found[field] = latest
        else:
            latest = day
    return found


GOODS_NAME, GOODS_UNIT, GOODS_MOST = 100, 10, 100_000


def goods_problems(kinds: Sequence[str], kind: str, name: str, unit: str, number: int | None) -> dict[str, str]:
    """By field why goods cannot be listed so. Their number may be unknown; it is never zero."""
    found = {}
    if kind not in kinds:
        found["kind"] = "kind"
    if not 0 < len(name) <= GOODS_NAME:
        found["name"] = "goods_name"
    if not 0 < len(unit) <= GOODS_UNIT:
        found["unit"] = "goods_unit"
    if number is not None and not 0 < number <= GOODS_MOST:
        found["number"] = "quantity_not_positive" if number < 1 else "too_large"
    return found


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

    @property
    def coded(self) -> int:
        """How many of them (册) carry a barcode."""
        return len(self.sent.keys() - self.counted_lots)

    @property
    def uncoded(self) -> int:
        """How many of them (册) carry no barcode."""
        return sum(copies for lot_id, copies in self.sent.items() if lot_id in self.counted_lots)

    @property
    def only_lot(self) -> int | None:
        """The counted lot that all of it is of, where it is of one: then a count says which copies are missing."""
        return next(iter(self.sent)) if len(self.sent) == 1 and self.sent.keys() <= self.counted_lots else None


@dataclass(frozen=True, slots=True)
class Difference:
    """What a count found: which box and, where it is known, which lot; how many; and where the ledger has them."""

    kind: str
    quantity: int
    box_id: int | None = None
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
    only = part.only_lot
    if off > 0:
        return Arrival(part.sent, (Difference("over", off, part.box_id, only),))
    if only is not None:
        return Arrival({only: counted}, (Difference("short", -off, part.box_id, only, in_transit=True),))
    return Arrival(part.sent, (Difference("short", -off, part.box_id),))


def arrive_scanned(part: Part, scanned: Collection[int], uncoded: int) -> Arrival:
    """What it means that these copies (by lot) of a part were scanned, and so many counted that carry no barcode.

    Every copy has its name here: one that was not scanned stays on the road as a difference of its own.
    """
    moves = {lot_id: 1 for lot_id in part.sent if lot_id in scanned}
    missing = [
        Difference("short", 1, part.box_id, lot_id, in_transit=True)
        for lot_id in part.sent
        if lot_id not in part.counted_lots and lot_id not in scanned
    ]
    rest = Part(
        part.box_id,
        {lot_id: part.sent[lot_id] for lot_id in part.sent if lot_id in part.counted_lots},
        part.counted_lots,
    )
    if uncoded == 0:
        gone = [Difference("short", copies, part.box_id, lot, in_transit=True) for lot, copies in rest.sent.items()]
        return Arrival(moves, (*missing, *gone))
    counted = arrive(rest, uncoded)
    return Arrival({**moves, **counted.moves}, (*missing, *counted.differences))


def count_due_on(arrived_on: date, count_due_days: int) -> date:
    """The last day on which boxes that arrived are counted in time."""
    return arrived_on + timedelta(days=count_due_days)


RESOLUTIONS: Mapping[str, frozenset[str]] = {
    "short": frozenset({"found", "lost", "miscounted", "damaged", "worn"}),
    "over": frozenset({"surplus", "miscounted"}),
    "damaged": frozenset({"damaged", "found", "repaired"}),
}
"""How each kind of difference can end."""


def route(
    kind: str, in_transit: bool, resolution: str, *, sent: bool = True, rough: bool = False
) -> tuple[str, str] | None:
    """Which way copies go when a difference is closed: (from, to) among the names of `_post` in commands.differences.

    None where the ledger is right as it stands: nothing moves. ``sent``: it was found in a batch; of what nobody sent
    a miscount is the count's own; unless the books had but a ``rough`` number: then it was theirs, and they follow.
    """
    if kind == "over":
        return ("supply", "point") if resolution == "surplus" else None
    if kind == "damaged":
        return {"damaged": ("point", "disposal"), "repaired": ("point", "repair")}.get(resolution)
    here = "road" if in_transit else "point"
    if resolution == "found":
        return (here, "point") if in_transit else None
    if resolution == "miscounted" and not sent:
        return ("point", "supply") if rough else None
    return here, {"lost": "lost", "miscounted": "sender", "damaged": "disposal", "worn": "disposal"}[resolution]
