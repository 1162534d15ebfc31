"""A stocktake begins: it keeps where the ledger stood, and stops nobody."""

from datetime import date

from sqlalchemy import select

from branchnet import clock
from branchnet.access.acts import Act
from branchnet.batches.commands.shared import not_ahead
from branchnet.batches.stocktaking.commands.shared import last_move
from branchnet.errors import Conflict, Invalid, NotFound
from branchnet.extensions import db
from branchnet.models import Place, Stocktake
from branchnet.models.stocktake import STOCKTAKE_WAYS
from branchnet.stock.counters import count_up

COUNTED_PLACES = ("point", "shelf")
"""Where stock is taken: a service point, closed or not, and the central library's shelf."""


def begin(act: Act, place_id: int, way: str, begun_on: date, note: str | None = None) -> Stocktake:
    """→ counting: at a place, by ``count`` or by ``scan``; what is recorded from now on is crossed in.

    One at a time at a place. Raises Conflict("stocktake_counting") with the number of the one that runs, NotFound,
    Invalid("place" / "way").
    """
    day = not_ahead(act, begun_on, "begun_on")
    kind = db.session.scalar(select(Place.kind).where(Place.network_id == act.network_id, Place.id == place_id))
    if kind is None:
        raise NotFound(place_id=place_id)
    if kind not in COUNTED_PLACES:
        raise Invalid("place", fields={"at": "kind"})
    if way not in STOCKTAKE_WAYS:
        raise Invalid("way", fields={"way": "kind"})
    last_move_id = last_move(act)
    running = select(Stocktake.number).where(
        Stocktake.network_id == act.network_id, Stocktake.place_id == place_id, Stocktake.state == "counting"
    )
    if (number := db.session.scalar(running)) is not None:
        raise Conflict("stocktake_counting", number=number)
    stocktake = Stocktake(
        network_id=act.network_id,
        number=_next_number(act, day),
        place_id=place_id,
        way=way,
        state="counting",
        begun_on=day,
        begun_at=clock.now(),
        begun_by=act.person_id,
        last_move_id=last_move_id,
        note=note,
    )
    db.session.add(stocktake)
    db.session.flush()
    return stocktake


def _next_number(act: Act, day: date) -> str:
    """The next number of a year: PD26-003."""
    return f"PD{day.year % 100:02d}-{count_up(act, f'stocktake-{day.year}'):03d}"
