"""A stocktake by its number: where it stands, and of which place it is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, func, select
from sqlalchemy.orm import aliased

from branchnet.access.scope import within
from branchnet.batches.queries.listing import End, ends_of
from branchnet.database import Rows
from branchnet.errors import NotFound
from branchnet.extensions import db
from branchnet.models import (
    Network,
    Person,
    Place,
    Stocktake,
)


@dataclass(frozen=True, slots=True)
class Head:
    """A stocktake, its place by name, who began and ended it, and the clock that its network goes by."""

    stocktake: Stocktake
    network: str
    time_zone: str
    place: End
    begun_by: str | None
    ended_by: str | None

    @property
    def counting(self) -> bool:
        """Whether it still goes on."""
        return self.stocktake.state == "counting"


def head_of(networks: Iterable[int], number: str, network: str, today: date) -> Head:
    """The stocktake of a number in the network of that slug, if it is one of these. Raises NotFound."""
    begun, ended = aliased(Person), aliased(Person)
    query: Rows = (
        select(Stocktake, Network.slug, Network.time_zone, Place.kind, begun.display_name, ended.display_name)
        .join(Network, Network.id == Stocktake.network_id)
        .join(Place, and_(Place.network_id == Stocktake.network_id, Place.id == Stocktake.place_id))
        .outerjoin(begun, and_(begun.network_id == Stocktake.network_id, begun.id == Stocktake.begun_by))
        .outerjoin(ended, and_(ended.network_id == Stocktake.network_id, ended.id == Stocktake.ended_by))
        .where(Stocktake.number == number, Network.slug == network)
    )
    row = db.session.execute(within(query, Stocktake, networks)).one_or_none()
    if row is None:
        raise NotFound(number=number)
    stocktake, slug, zone, kind, begun_by, ended_by = row
    ends = ends_of({stocktake.place_id}, [stocktake.network_id], today)
    place = ends.get(stocktake.place_id) or End(stocktake.place_id, kind)
    return Head(stocktake, slug, zone, place, begun_by, ended_by)


def own_stocktake(network_id: int, number: str) -> Stocktake:
    """A network's stocktake by its number. Raises NotFound: another network's number is nobody's business here."""
    found = db.session.scalars(
        select(Stocktake).where(Stocktake.network_id == network_id, Stocktake.number == number)
    ).one_or_none()
    if found is None:
        raise NotFound(number=number)
    return found


def counting_at(network_id: int, place_ids: Sequence[int]) -> dict[int, Stocktake]:
    """By place the stocktake that goes on there."""
    rows = db.session.scalars(
        select(Stocktake).where(
            Stocktake.network_id == network_id, Stocktake.place_id.in_(place_ids), Stocktake.state == "counting"
        )
    )
    return {row.place_id: row for row in rows}


def stocktakes_counting(networks: Iterable[int]) -> int:
    """How many stocktakes go on."""
    query: Rows = select(func.count(Stocktake.id)).where(Stocktake.state == "counting")
    return int(db.session.execute(within(query, Stocktake, networks)).scalar_one())
