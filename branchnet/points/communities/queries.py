"""The register of communities as staff see it: a list, one of them, and candidates for where a point stands."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, or_, select

from branchnet.access.seen import mark_of
from branchnet.database import Rows
from branchnet.errors import NotFound
from branchnet.extensions import db
from branchnet.models import Community, PointPosition
from branchnet.points import ground
from branchnet.points.commands import Position
from branchnet.points.communities.rules import COUNTY_DIGITS, DIGITS, TOWN_DIGITS, in_own_counties
from branchnet.points.registered import IN_REGISTER
from branchnet.points.towns import Town

CANDIDATES = 20
_LOOKED_AT = 200
_COLUMNS = (
    Community.id,
    Community.kind,
    Community.code,
    Community.parent_code,
    Community.county,
    Community.town,
    Community.name,
    Community.urban_rural,
    Community.children,
    Community.lat,
    Community.lon,
    Community.quality,
    Community.source,
    Community.set_aside_at,
    Community.set_aside_why,
)


@dataclass(frozen=True, slots=True)
class Registered:
    """A community of the register; ``children`` is None where nobody knows how many."""

    id: int
    kind: str
    code: str | None
    parent_code: str | None
    county: str | None
    town: str | None
    name: str
    urban_rural: str | None
    children: int | None
    lat: float | None
    lon: float | None
    quality: str | None
    source: str | None
    set_aside_at: datetime | None = None
    set_aside_why: str | None = None

    @property
    def mark(self) -> str:
        """The mark of what a form shows of it: see access.seen."""
        return mark_of(*(getattr(self, column.key) for column in _COLUMNS))

    @property
    def within(self) -> str:
        """The county and the town that it is in, as far as they are known."""
        return " ".join(part for part in (self.county, self.town if self.kind != "town" else None) if part)

    @property
    def position(self) -> Position:
        """Where a point stands that stands in it: exact only in a school, which is one house."""
        if self.lat is None:
            return Position()
        exact = self.kind == "school" and self.quality == "exact"
        return Position(self.lat, self.lon, "exact" if exact else "approximate", "register")


@dataclass(frozen=True, slots=True)
class Asked:
    """What a list is narrowed to: words of names, initials or codes; a kind; a county and town; no position."""

    text: str = ""
    kind: str = ""
    town: str = ""
    """``county/town``."""
    placeless: bool = False
    aside: bool = False
    """Those that were set aside, instead of those that the register has."""


def listed(network_id: int, asked: Asked, offset: int, limit: int) -> tuple[int, list[Registered]]:
    """How many communities are asked for, and a page of them, by pinyin. Two statements."""
    mine = _narrowed(network_id, asked)
    count = db.session.scalar(select(func.count()).select_from(Community).where(*mine)) or 0
    ordered = select(*_COLUMNS).where(*mine).order_by(Community.pinyin, Community.id)
    return count, _rows(ordered.offset(offset).limit(limit))


def _narrowed(network_id: int, asked: Asked) -> list[Any]:
    there = ~IN_REGISTER if asked.aside else IN_REGISTER
    mine: list[Any] = [Community.network_id == network_id, there, *(_tells(word) for word in asked.text.split())]
    if asked.kind:
        mine.append(Community.kind == asked.kind)
    if asked.town:
        county, _slash, town = asked.town.partition("/")
        mine.append(func.coalesce(Community.county, "") == county)
        mine.append(or_(Community.town == town, and_(Community.kind == "town", Community.name == town)))
    if asked.placeless:
        mine.append(Community.lat.is_(None))
    return mine


def _tells(word: str) -> Any:
    """A word is part of the name, of its initials or its pinyin, or begins the code."""
    letters = word.lower()
    return or_(
        Community.name.contains(word, autoescape=True),
        Community.initials.contains(letters, autoescape=True),
        Community.pinyin.startswith(letters, autoescape=True),
        Community.code.startswith(word, autoescape=True),
    )


def towns_named(network_id: int) -> list[tuple[str, str]]:
    """Counties and towns that communities of the register are in."""
    query = (
        select(Community.county, Community.town)
        .where(Community.network_id == network_id, Community.town.is_not(None), IN_REGISTER)
        .distinct()
    )
    return sorted((county or "", town or "") for county, town in db.session.execute(query))


def towns_in_use(network_id: int, known: Collection[str]) -> list[Town]:
    """Towns that communities are in and the register has no row of; ``known``: the nine digits of those it has."""
    digits = func.substr(Community.code, 1, TOWN_DIGITS)
    mine = (Community.network_id == network_id, IN_REGISTER, Community.town.is_not(None), Community.kind != "school")
    rows = db.session.execute(select(digits, Community.town, Community.county).where(*mine).distinct())
    return [
        Town(code.ljust(DIGITS, "0"), town or "", county, None, None)
        for code, town, county in rows
        if code and len(code) == TOWN_DIGITS and code not in known
    ]


def registered(network_id: int, community_id: int) -> Registered:
    """One community, set aside or not. Raises NotFound."""
    rows = _rows(select(*_COLUMNS).where(Community.network_id == network_id, Community.id == community_id))
    if not rows:
        raise NotFound(community_id=community_id)
    return rows[0]


def all_registered(network_id: int) -> list[Registered]:
    """The whole register of a network with what was set aside, for what a file is compared with."""
    return _rows(select(*_COLUMNS).where(Community.network_id == network_id))


def registered_in_order(network_id: int, asked: Asked) -> list[Registered]:
    """All communities that are asked for, by pinyin."""
    return _rows(select(*_COLUMNS).where(*_narrowed(network_id, asked)).order_by(Community.pinyin, Community.id))


def without_position(network_id: int) -> list[Registered]:
    """Communities of which nobody knows where they are, by pinyin."""
    mine = select(*_COLUMNS).where(Community.network_id == network_id, Community.lat.is_(None), IN_REGISTER)
    return _rows(mine.order_by(Community.pinyin, Community.id))


def candidates(network_id: int, text: str) -> list[Registered]:
    """Communities that a text may mean, within the network's own counties; those that have a position first.

    However few there are, none is taken for the one that is meant: staff see town and county, and choose.
    """
    words = text.split()
    if not words:
        return []
    mine = [Community.network_id == network_id, IN_REGISTER, *(_tells(word) for word in words)]
    ordered = select(*_COLUMNS).where(*mine).order_by(Community.lat.is_(None), Community.pinyin, Community.id)
    return within_own(_rows(ordered.limit(_LOOKED_AT)), own_counties(network_id))[:CANDIDATES]


@dataclass(frozen=True, slots=True)
class Area:
    """What an area's code says in words: county, town and village; and the id of the community that it is."""

    name: str
    community_id: int | None
    set_aside: bool = False
    """Whether that community was set aside: no count has it."""


def area_named(network_id: int, code: str | None) -> Area | None:
    """The area of a code by the register's names, as far as it has them; a county else by its outline's."""
    if not code:
        return None
    above = [code[:digits].ljust(DIGITS, "0") for digits in (COUNTY_DIGITS, TOWN_DIGITS)]
    found = {
        one.code: one
        for one in _rows(
            select(*_COLUMNS).where(Community.network_id == network_id, Community.code.in_([code, *above]))
        )
    }
    county = found[above[0]].name if above[0] in found else _county_named(code)
    names = [county, *(found[one].name for one in (above[1], code) if one in found)]
    own = found.get(code)
    return Area(" ".join(dict.fromkeys(filter(None, names))), own.id if own else None, bool(own and own.set_aside_at))


def _county_named(code: str) -> str | None:
    area = ground.county_of(code[:COUNTY_DIGITS])
    return area.name if area else None


def within_own(found: Sequence[Registered], own: Mapping[str, str]) -> list[Registered]:
    """Of these communities those in the network's own counties."""
    return [one for one in found if in_own_counties(one.kind, one.code, one.parent_code, one.county, own)]


def own_counties(network_id: int) -> dict[str, str]:
    """By six digits the names of the counties that are the network's: where it has a point, a county or a town."""
    digits = func.substr
    points = select(digits(PointPosition.area_code, 1, COUNTY_DIGITS)).where(
        PointPosition.network_id == network_id, PointPosition.area_code.is_not(None)
    )
    areas = select(digits(Community.code, 1, COUNTY_DIGITS)).where(
        Community.network_id == network_id,
        Community.kind.in_(("county", "town")),
        Community.code.is_not(None),
        IN_REGISTER,
    )
    codes = sorted(set(db.session.scalars(points.union(areas))))
    return {code: area.name for code in codes if len(code) == COUNTY_DIGITS for area in ground.areas_under(code)}


def _rows(query: Rows) -> list[Registered]:
    return [Registered(**row) for row in db.session.execute(query).mappings()]
