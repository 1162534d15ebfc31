"""Towns of a network's register, whose position may stand for a point's."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select

from branchnet.access.scope import within
from branchnet.extensions import db
from branchnet.models import Community, ServicePoint
from branchnet.points.commands import Position
from branchnet.points.registered import IN_REGISTER

TOWN_DIGITS = 9
"""Of the code of an area those that tell its town."""


@dataclass(frozen=True, slots=True)
class Town:
    """A town or street office (乡镇、街道): its code, its name with its county, and where it stands."""

    code: str
    name: str
    county: str | None
    lat: float | None
    lon: float | None

    @property
    def position(self) -> Position:
        """The town's own position, for what stands somewhere in it: approximate."""
        return Position() if self.lat is None else Position(self.lat, self.lon, "approximate", "town")


def towns(network_id: int) -> list[Town]:
    """The towns of the register that have a code, by pinyin."""
    rows = db.session.execute(
        select(Community.code, Community.name, Community.county, Community.lat, Community.lon)
        .where(Community.network_id == network_id, Community.kind == "town", Community.code.is_not(None), IN_REGISTER)
        .order_by(Community.pinyin, Community.id)
    )
    return [Town(code or "", name, county, lat, lon) for code, name, county, lat, lon in rows]


def town_names(networks: Iterable[int]) -> dict[str, str]:
    """By the first `TOWN_DIGITS` of their codes what the towns of these networks are called. One statement."""
    named = (Community.kind == "town", Community.code.is_not(None), IN_REGISTER)
    query = select(Community.code, Community.name).where(*named)
    return {(code or "")[:TOWN_DIGITS]: name for code, name in db.session.execute(within(query, Community, networks))}


def codes_taken(network_id: int) -> list[str]:
    """The codes of all points that a network has or had."""
    return list(db.session.scalars(select(ServicePoint.code).where(ServicePoint.network_id == network_id)))
