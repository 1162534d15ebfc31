"""What brought copies to where they wait: the last move there that stands, its reason, its day, and its case."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from branchnet.database import Rows
from branchnet.extensions import db
from branchnet.models import Batch, Discrepancy, Disposal, Entry, Move, Repair
from branchnet.stock.queries import AT_ONCE


@dataclass(frozen=True, slots=True)
class Brought:
    """Why copies are where they are (a reason of a move), since when; of which case, batch or disposal list."""

    reason: str
    on: date
    case_id: int | None
    batch: str | None
    disposal: str | None

    @property
    def mark(self) -> str:
        """What names it in a note: the list's number, the case's, or the batch's."""
        if self.disposal is not None:
            return self.disposal
        return f"#{self.case_id}" if self.case_id is not None else self.batch or ""


def standing() -> ColumnElement[bool]:
    """A move that takes nothing back and was not taken back."""
    undoing = aliased(Move)
    undone = exists().where(undoing.network_id == Move.network_id, undoing.reverses_id == Move.id)
    return and_(Move.reverses_id.is_(None), ~undone)


def brought_by(network_id: int, asked: Mapping[tuple[int, int], int | None]) -> dict[tuple[int, int], Brought]:
    """By lot and place what brought it there last, before an entry where one is named. Two statements for a page."""
    lots = sorted({lot_id for lot_id, _place in asked})
    found: dict[tuple[int, int], Brought] = {}
    before = max((entry for entry in asked.values() if entry), default=None)
    for start in range(0, len(lots), AT_ONCE):
        last = (
            select(func.max(Move.id).label("id"))
            .where(
                Move.network_id == network_id,
                Move.lot_id.in_(lots[start : start + AT_ONCE]),
                Move.to_place_id.in_(sorted({place for _lot, place in asked})),
                standing(),
                *((Move.entry_id < before,) if before else ()),
            )
            .group_by(Move.lot_id, Move.to_place_id)
            .subquery()
        )
        query = _told(network_id).join(last, last.c.id == Move.id)
        for lot_id, place_id, *told in db.session.execute(query):
            found[lot_id, place_id] = Brought(*told)
    return found


def _told(network_id: int) -> Rows:
    """lot_id, place_id, and the columns of Brought."""
    return (
        select(
            Move.lot_id,
            Move.to_place_id,
            Move.reason,
            Entry.happened_on,
            func.coalesce(Discrepancy.id, Repair.discrepancy_id),
            Batch.number,
            Disposal.number,
        )
        .select_from(Move)
        .join(Entry, and_(Entry.network_id == network_id, Entry.id == Move.entry_id))
        .outerjoin(Discrepancy, and_(Discrepancy.network_id == network_id, Discrepancy.entry_id == Move.entry_id))
        .outerjoin(
            Repair,
            and_(
                Repair.network_id == network_id,
                or_(Repair.entry_id == Move.entry_id, Repair.begun_entry_id == Move.entry_id),
                Repair.lot_id == Move.lot_id,
            ),
        )
        .outerjoin(Batch, and_(Batch.network_id == network_id, Batch.id == Move.batch_id))
        .outerjoin(Disposal, and_(Disposal.network_id == network_id, Disposal.entry_id == Move.entry_id))
        .where(Move.network_id == network_id)
    )
