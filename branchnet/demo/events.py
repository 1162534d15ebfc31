"""What happens in the demo: batches with their lines and steps, and readings.

Counts are copies (册) unless a name says otherwise; visits are 人次, loans 册次.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal
from uuid import UUID, uuid5

from branchnet.demo.world import Source

CENTRAL = "central"
"""The shelf of a network's central library, as the place a batch leaves from or comes back to."""
SUPPLY = "supply"
"""The world outside, from which opening stock and accessions come."""

Quality = Literal["exact", "at_least", "estimated"]
Kind = Literal["opening", "accession", "allocation", "delivery", "rotation", "return"]
Verb = Literal["post", "draft", "pack", "dispatch", "arrive", "receive", "count_in", "scan", "restock"]

WORST_FIRST: tuple[Quality, ...] = ("estimated", "at_least", "exact")
_STORY = UUID("6f1d5a0e-6f5c-5d0b-9f0b-2b1c7c4a2025")


def operation_id(*parts: str) -> UUID:
    """The id of one step of the story: the same parts give the same id on every machine, for ever."""
    return uuid5(_STORY, "/".join(parts))


@dataclass(frozen=True, slots=True)
class Title:
    """A children's book (种). The price is what such a book may cost, in fen, or unknown."""

    title: str
    author: str
    publisher: str
    category: str
    price_fen: int | None


@dataclass(frozen=True, slots=True)
class Copy:
    """One barcoded copy. Barcodes are unique within a network."""

    network: str
    barcode: str
    title: Title
    call_number: str


@dataclass(frozen=True, slots=True)
class CountedLot:
    """Copies of one category that nobody tells apart, under a key unique within the network."""

    network: str
    key: str
    name: str
    category: str


@dataclass(frozen=True, slots=True)
class Counted:
    """A line of a batch: so many copies of a counted lot, and how well that number is known."""

    lot: str
    quantity: int
    quality: Quality = "exact"


@dataclass(frozen=True, slots=True)
class Equipment:
    """A line that never moves stock; the number may be unknown."""

    name: str
    unit: str
    number: int | None


@dataclass(frozen=True, slots=True)
class Step:
    """One thing done to a batch on a day.

    `count` is the number of copies (册) that the step found, where it states one of its own.
    """

    on: date
    verb: Verb
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Batch:
    """Copies going from one place to another.

    `settles` names the delivery that a return brings back; `short` is what the receipt did not find.
    """

    network: str
    key: str
    kind: Kind
    from_place: str
    to_place: str
    barcodes: tuple[str, ...] = ()
    counted: tuple[Counted, ...] = ()
    steps: tuple[Step, ...] = ()
    equipment: tuple[Equipment, ...] = ()
    due_back_on: date | None = None
    settles: str | None = None
    short: tuple[Counted, ...] = ()
    note: str = ""
    source: Source = "invented"

    @property
    def copies(self) -> int:
        """All copies on its lines (册)."""
        return len(self.barcodes) + sum(line.quantity for line in self.counted)

    @property
    def boxes(self) -> int:
        """Boxes it is packed in, fifty copies to a box."""
        return -(-self.copies // 50)

    @property
    def quality(self) -> Quality:
        """The worst quality of its lines."""
        return min((line.quality for line in self.counted), key=WORST_FIRST.index, default="exact")

    def on(self, verb: Verb) -> date | None:
        """The day a step was done, or None where it was not."""
        return next((step.on for step in self.steps if step.verb == verb), None)


@dataclass(frozen=True, slots=True)
class Numbers:
    """The four numbers of a reading: a count, or None where nobody counted or it does not apply."""

    in_school_visits: int | None = None
    in_school_loans: int | None = None
    community_visits: int | None = None
    community_loans: int | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """What a point reported for a window: a calendar month, or the stay of a delivery.

    A `not_open` answer has no numbers. `delivery` is the key of the batch whose stay it is.
    """

    network: str
    point: str
    window: Literal["month", "stay"]
    first: date
    last: date
    submitted_on: date
    numbers: Numbers | None
    delivery: str | None = None

    @property
    def answer(self) -> Literal["counted", "not_open"]:
        """Whether the point was open and counted."""
        return "counted" if self.numbers else "not_open"

    @property
    def key(self) -> str:
        """Unique within the story."""
        return f"{self.point}/{self.delivery or self.first.strftime('%Y-%m')}"

    @property
    def operation(self) -> UUID:
        """The operation id of sending this reading in."""
        return operation_id(self.network, "reading", self.key)


@dataclass(frozen=True, slots=True)
class BatchStep:
    """A step of a batch as it comes up in the story's order of days."""

    batch: Batch
    step: Step

    @property
    def network(self) -> str:
        """The code of the network it happens in."""
        return self.batch.network

    @property
    def operation(self) -> UUID:
        """The operation id of this step."""
        return operation_id(self.batch.network, "batch", self.batch.key, self.step.verb)
