"""What is on its way to a place, as whoever receives it sees it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import exists, func, or_, select

from branchnet.batches.boxes import on_its_way
from branchnet.batches.rules import ON_THE_ROAD, OUTBOUND
from branchnet.database import Rows
from branchnet.errors import NotFound
from branchnet.extensions import db
from branchnet.models import Batch, BatchEvent, BatchLine, Box


@dataclass(frozen=True, slots=True)
class Part:
    """A box that is not counted yet; number 0 stands for what went loose. ``copies``: 册 sent in it."""

    number: int
    copies: int
    arrived_on: date | None


@dataclass(frozen=True, slots=True)
class Incoming:
    """A batch sent to a place, with its parts that are still to be counted."""

    id: int
    place_id: int
    number: str
    kind: str
    state: str
    sent_on: date
    parts: tuple[Part, ...]
    begun: bool
    """Somebody counted already, if only to find nothing: what is left did not come with the others."""

    @property
    def on_the_road(self) -> bool:
        """Whether some of it can still be received."""
        return self.state in ON_THE_ROAD

    @property
    def arrived(self) -> bool:
        """All of it is there, and nobody has counted it."""
        return bool(self.parts) and all(part.arrived_on for part in self.parts)

    @property
    def arrived_on(self) -> date | None:
        """The first day on which any of it, not counted yet, was there."""
        return min((part.arrived_on for part in self.parts if part.arrived_on), default=None)

    @property
    def boxes(self) -> tuple[Part, ...]:
        """Its parts that are boxes: what went loose is none."""
        return tuple(part for part in self.parts if part.number)

    @property
    def copies(self) -> int:
        """How many copies (册) are to be counted."""
        return sum(part.copies for part in self.parts)


def on_the_way(network_id: int, place_ids: Sequence[int]) -> list[Incoming]:
    """What these places are to receive, oldest first. Two statements, whatever the number."""
    return _incoming(_sent(network_id).where(Batch.to_place_id.in_(place_ids), Batch.state.in_(sorted(ON_THE_ROAD))))


def incoming(network_id: int, place_id: int, number: str) -> Incoming:
    """One batch that was sent to a place, received or not. Raises NotFound where none of this number was."""
    found = _incoming(_sent(network_id).where(Batch.to_place_id == place_id, Batch.number == number))
    if not found:
        raise NotFound(number=number)
    return found[0]


def _sent(network_id: int) -> Rows:
    counted = exists().where(Box.network_id == Batch.network_id, Box.batch_id == Batch.id, Box.counted_on.is_not(None))
    # A count that found nothing counts no box and makes no entry: nothing could take it back.
    found_none = exists().where(
        BatchEvent.network_id == Batch.network_id,
        BatchEvent.batch_id == Batch.id,
        BatchEvent.step == "received",
        BatchEvent.entry_id.is_(None),
    )
    return (
        select(
            Batch.id,
            Batch.network_id,
            Batch.to_place_id,
            Batch.number,
            Batch.kind,
            Batch.state,
            Batch.dispatched_on,
            or_(counted, found_none).label("begun"),
        )
        .where(
            Batch.network_id == network_id,
            Batch.kind.in_(sorted(OUTBOUND)),
            Batch.dispatched_on.is_not(None),
            Batch.state != "cancelled",
        )
        .order_by(Batch.dispatched_on, Batch.id)
    )


def _incoming(query: Rows) -> list[Incoming]:
    rows = db.session.execute(query).all()
    parts = _parts({row.network_id for row in rows}, [row.id for row in rows])
    return [
        Incoming(
            id=row.id,
            place_id=row.to_place_id,
            number=row.number,
            kind=row.kind,
            state=row.state,
            sent_on=row.dispatched_on,
            parts=tuple(parts.get(row.id, ())),
            begun=bool(row.begun),
        )
        for row in rows
    ]


def _parts(networks: set[int], batch_ids: Sequence[int]) -> dict[int, list[Part]]:
    """By batch its boxes that nobody has counted yet, by number."""
    rows = db.session.execute(
        select(Box.batch_id, Box.number, Box.arrived_on, func.sum(BatchLine.quantity).label("copies"))
        .join(BatchLine, (BatchLine.network_id == Box.network_id) & (BatchLine.box_id == Box.id))
        .where(Box.network_id.in_(networks), Box.batch_id.in_(batch_ids), on_its_way())
        .group_by(Box.id, Box.batch_id, Box.number, Box.arrived_on)
        .order_by(Box.batch_id, Box.number)
    )
    found: dict[int, list[Part]] = {}
    for row in rows:
        found.setdefault(row.batch_id, []).append(Part(row.number, int(row.copies), row.arrived_on))
    return found
