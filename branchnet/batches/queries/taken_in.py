"""What was taken in at a place: the receipt for a batch, as the receiver may show it."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Integer, and_, cast, func, select

from branchnet.batches.queries.cases import Case, cases_of
from branchnet.batches.queries.one import BoxRow, boxes_of, events_of
from branchnet.batches.rules import OUTBOUND
from branchnet.errors import NotFound
from branchnet.extensions import db
from branchnet.models import Batch, Box

LISTED = 5
"""Batches taken in that a point's page lists."""


@dataclass(frozen=True, slots=True)
class TakenInRow:
    """A batch of which boxes were counted: 册 found in them so far, and the last day on which any were."""

    number: str
    counted_on: date
    copies: int


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What the library has in hand of a batch: box by box, the cases, who said so last and when."""

    boxes: tuple[BoxRow, ...]
    cases: tuple[Case, ...]
    counted_on: date
    recorded_at: datetime
    person: str | None

    @property
    def copies(self) -> int:
        """Copies (册) counted so far."""
        return sum(box.counted or 0 for box in self.boxes)

    @property
    def left(self) -> int:
        """Boxes (箱) that nobody has counted and that are not recalled; what went loose counts as one."""
        return sum(box.on_its_way for box in self.boxes)


def taken_in_lately(network_id: int, place_id: int) -> list[TakenInRow]:
    """The last batches of which boxes were counted at a place, newest first."""
    last = func.max(Box.counted_on)
    rows = db.session.execute(
        select(Batch.number, last, cast(func.sum(Box.copies), Integer))
        .join(Box, and_(Box.network_id == Batch.network_id, Box.batch_id == Batch.id))
        .where(
            Batch.network_id == network_id,
            Batch.to_place_id == place_id,
            Batch.kind.in_(sorted(OUTBOUND)),
            Box.counted_on.is_not(None),
        )
        .group_by(Batch.id, Batch.number)
        .order_by(last.desc(), Batch.id.desc())
        .limit(LISTED)
    )
    return [TakenInRow(number, counted_on, copies) for number, counted_on, copies in rows if counted_on]


def taken_in(network_id: int, batch_id: int) -> TakenIn:
    """The receipt for a batch. Raises NotFound where nothing of it was counted, or the count was taken back."""
    boxes = [box for box in boxes_of(network_id, batch_id) if box.copies]
    counted = [box.counted_on for box in boxes if box.counted_on is not None]
    said = [event for event in events_of(network_id, batch_id) if event.step == "received"]
    if not counted or not said:
        raise NotFound
    last = said[-1]
    return TakenIn(tuple(boxes), tuple(cases_of(network_id, batch_id)), max(counted), last.recorded_at, last.person)
