"""Who asks for their link: as staff see it, and as the phone that asked does."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from branchnet.database import Rows
from branchnet.errors import NotFound
from branchnet.extensions import db
from branchnet.models import LinkRequest, Network


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that nobody has answered: the code that is read out, and where, in their own words."""

    network_id: int
    id: int
    code: str
    said: str
    made_at: datetime


def open_requests(network_id: int) -> list[Asked]:
    """The open requests of a network, the first first."""
    return [Asked(*row) for row in db.session.execute(_open(network_id).order_by(LinkRequest.id))]


def one_open(network_id: int, request_id: int) -> Asked | None:
    """The request of this id, while nobody has answered it."""
    row = db.session.execute(_open(network_id).where(LinkRequest.id == request_id)).one_or_none()
    return Asked(*row) if row is not None else None


def _open(network_id: int) -> Rows:
    return select(
        LinkRequest.network_id, LinkRequest.id, LinkRequest.code, LinkRequest.said, LinkRequest.made_at
    ).where(LinkRequest.network_id == network_id, LinkRequest.handled_at.is_(None))


def request_waits(network_id: int, code: str) -> bool:
    """Whether the last request with this code is still open. Raises NotFound for a code that none had."""
    row = db.session.execute(
        select(LinkRequest.handled_at)
        .where(LinkRequest.network_id == network_id, LinkRequest.code == code)
        .order_by(LinkRequest.id.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        raise NotFound(code=code)
    return row.handled_at is None


def libraries() -> list[Network]:
    """Every network, by name: a phone that nobody knows says which one is its own."""
    return list(db.session.scalars(select(Network).order_by(Network.name, Network.id)))


def library(slug: str) -> Network:
    """The network of a slug. Raises NotFound."""
    found = db.session.scalars(select(Network).where(Network.slug == slug)).one_or_none()
    if found is None:
        raise NotFound(network=slug)
    return found
