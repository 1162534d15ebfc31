"""Wishes for the next box: said by a teacher, changed until somebody takes them up, closed with a batch or without."""

from dataclasses import dataclass

from sqlalchemy import select, update

from branchnet import clock
from branchnet.access.acts import Act
from branchnet.access.personal import note_problem
from branchnet.batches.commands.shared import batch_for, check_open
from branchnet.errors import Conflict, Invalid, NotFound
from branchnet.extensions import db
from branchnet.models import Batch, ServicePoint, Wish

LONGEST = 60


@dataclass(frozen=True, slots=True)
class Wished:
    """For what age, of what kind, how many copies (册), and a word: at least one of them. Never about one child."""

    age: str | None = None
    kind: str | None = None
    number: int | None = None
    note: str | None = None

    def problems(self) -> dict[str, str]:
        """By field why it cannot be kept."""
        if not (self.age or self.kind or self.number or self.note):
            return {"age": "wish_empty"}
        found = {name: "too_long" for name in ("age", "kind") if len(getattr(self, name) or "") > LONGEST}
        texts = {name: note_problem(getattr(self, name) or "") for name in ("age", "kind", "note")}
        found |= {name: problem for name, problem in texts.items() if problem is not None}
        if self.number is not None and self.number < 1:
            found["number"] = "quantity_not_positive"
        return found


def wish(act: Act, point_id: int, wished: Wished, wish_id: int | None = None) -> int:
    """A point's wish; with ``wish_id`` it is said otherwise. Returns its id.

    Raises Invalid by field, NotFound, Conflict("wish_closed") once somebody took it up, and Conflict("point_closed").
    """
    if problems := wished.problems():
        raise Invalid("wish", fields=problems)
    if wish_id is None:
        place = select(ServicePoint.place_id).where(
            ServicePoint.network_id == act.network_id, ServicePoint.id == point_id
        )
        check_open(act, db.session.scalars(place).one(), act.today())
    row = Wish(network_id=act.network_id, point_id=point_id) if wish_id is None else _open(act, wish_id)
    if row.point_id != point_id:
        raise NotFound(wish_id=wish_id)
    row.age, row.kind, row.number, row.note = wished.age, wished.kind, wished.number, wished.note
    row.said_at, row.said_by = clock.now(), act.person_id
    db.session.add(row)
    db.session.flush()
    return row.id


def close_wish(act: Act, wish_id: int, batch_id: int | None = None) -> None:
    """Somebody took a wish up with a batch for its point, or it is closed without one.

    Raises NotFound, Conflict("wish_closed"), Invalid("not_for_this_point") for a batch that goes elsewhere.
    """
    row = _open(act, wish_id)
    if batch_id is not None:
        place = select(ServicePoint.place_id).where(
            ServicePoint.network_id == act.network_id, ServicePoint.id == row.point_id
        )
        batch = batch_for(act, batch_id)
        if batch.to_place_id != db.session.scalar(place):
            raise Invalid("not_for_this_point", fields={"to": "not_for_this_wish"}, number=batch.number)
    row.batch_id, row.closed_on, row.closed_by = batch_id, act.today(), act.person_id
    db.session.flush()


def free_wishes(act: Act, batch: Batch) -> None:
    """The wishes that a batch was made up for are open again: it is not coming."""
    db.session.execute(
        update(Wish)
        .where(Wish.network_id == act.network_id, Wish.batch_id == batch.id)
        .values(batch_id=None, closed_on=None, closed_by=None)
        .execution_options(synchronize_session="fetch")
    )


def _open(act: Act, wish_id: int) -> Wish:
    row = db.session.scalars(
        select(Wish)
        .where(Wish.network_id == act.network_id, Wish.id == wish_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if row is None:
        raise NotFound(wish_id=wish_id)
    if row.closed_on is not None:
        raise Conflict("wish_closed")
    return row
